export type { StreamFormat } from '../audio/index.ts';
export { transcribeCall } from './call.ts';
export type { CallEvent, CallStatistics } from './call-event.ts';
export type { CallInput } from './call-input.ts';
export type { CallOptions } from './call-options.ts';
export type { CallStages, EndpointOptions, SpeechInput } from './call-stages.ts';
export { type LiveMessage, liveInput } from './live-input.ts';
export { transcribeRecording } from './recording.ts';
