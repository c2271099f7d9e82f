export type { WindowObservation } from './scheduler.ts';
export type { EngineObserver, ProcessSpeechEngine, SpeechEngineOptions } from './speech-engine.ts';
export { createSpeechEngine } from './speech-engine.ts';
