import type { Language } from '../domain/language.ts';
import type { DecodeRequest } from '../domain/speech-engine.ts';
import type { WindowObservation } from './scheduler.ts';

/** What the gateway and the engine process say to each other about recognition. */
export type EngineRequest = { readonly type: 'decode'; readonly request: DecodeRequest };

export type EngineNotice = { readonly type: 'forget'; readonly streamKey: string };

export type EngineEvent = { readonly type: 'window'; readonly observation: WindowObservation };

export interface EngineInfo {
  readonly windowSamples: number;
  readonly languages: readonly Language[];
  readonly usesGenerationGraph: boolean;
}
