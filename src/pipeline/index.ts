export { restartPoint, type StreamFormat } from '../audio/index.ts';
export { transcribeCall } from './call.ts';
export type { CallEvent, CallStatistics } from './call-event.ts';
export type { CallInput } from './call-input.ts';
export type { CallOptions } from './call-options.ts';
export type { CallStages, DetectionResumption, EndpointOptions, SpeechInput } from './call-stages.ts';
export type { CallCheckpoint, CheckpointOptions } from './checkpoint.ts';
export { type LiveMessage, type LiveStart, liveInput } from './live-input.ts';
export { recordingInput, transcribeRecording } from './recording.ts';
