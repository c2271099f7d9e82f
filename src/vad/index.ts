export { DEFAULT_SEGMENTER_OPTIONS, type SegmenterOptions } from './segmenter.ts';
export { detectSpeech, type Resumption, type SpeechInput } from './voice-activity-detector.ts';
