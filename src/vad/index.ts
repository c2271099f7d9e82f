export { DEFAULT_SEGMENTER_OPTIONS, type SegmentEnd, type SegmenterOptions } from './segmenter.ts';
export { detectSpeech, type VadEvent } from './voice-activity-detector.ts';
