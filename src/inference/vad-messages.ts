/** What the model keeps of a stream between two windows: its LSTM (2 x 128), then the last 64 samples it heard. */
export const VAD_STATE_LENGTH = 2 * 128 + 64;

/** What the VAD pool and its worker thread say to each other. */
export type VadRequest =
  | {
      readonly type: 'windows';
      readonly requestId: number;
      readonly streamId: number;
      readonly windows: Float32Array;
      /** State to go on from, with the first request of a stream that was heard elsewhere before. */
      readonly state?: Float32Array;
      /** Send back the state after each window. */
      readonly withStates: boolean;
    }
  | { readonly type: 'forget'; readonly streamId: number }
  | { readonly type: 'close' };

export type VadResponse =
  | { readonly type: 'ready' }
  | {
      readonly type: 'probabilities';
      readonly requestId: number;
      readonly probabilities: Float32Array;
      readonly states?: Float32Array;
    }
  | { readonly type: 'failed'; readonly requestId: number; readonly error: Error };
