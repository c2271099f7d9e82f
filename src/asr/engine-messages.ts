import type { Language } from '../domain/language.ts';
import type { DecodeRequest } from '../domain/speech-engine.ts';
import type { WindowObservation } from './scheduler.ts';
import type { FeatureShape } from './window-features.ts';
import type { WindowTransfer } from './window-transfer.ts';

/** What is to be decoded, apart from the audio. */
export type DecodeTask = Omit<DecodeRequest, 'samples'>;

/** What the gateway and the engine process say to each other about recognition. */
export type EngineRequest = {
  readonly type: 'decode';
  readonly task: DecodeTask;
  readonly window: WindowTransfer;
};

export type EngineNotice = { readonly type: 'forget'; readonly streamKey: string };

export type EngineEvent = { readonly type: 'window'; readonly observation: WindowObservation };

export interface EngineInfo {
  readonly windowSamples: number;
  readonly languages: readonly Language[];
  readonly usesGenerationGraph: boolean;
}

/** What the two threads of the engine process say to each other. */
export interface GraphRequest {
  readonly task: DecodeTask;
  /** [melBands, windowFrames]; handed over. */
  readonly features: Float32Array<ArrayBuffer>;
  readonly audioSamples: number;
}

export interface GraphInfo extends EngineInfo {
  readonly features: FeatureShape;
}
