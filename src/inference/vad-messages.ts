/** What the VAD pool and its worker thread say to each other. */
export type VadRequest =
  | {
      readonly type: 'windows';
      readonly requestId: number;
      readonly streamId: number;
      readonly windows: Float32Array;
    }
  | { readonly type: 'forget'; readonly streamId: number }
  | { readonly type: 'close' };

export type VadResponse =
  | { readonly type: 'ready' }
  | { readonly type: 'probabilities'; readonly requestId: number; readonly probabilities: Float32Array }
  | { readonly type: 'failed'; readonly requestId: number; readonly error: Error };
