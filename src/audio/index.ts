export { type DecodeOptions, decodeRecording, type Recording, type RecordingSource } from './decode-file.ts';
export {
  createStreamDecoder,
  frameBytes,
  MAX_STREAM_CHANNELS,
  MAX_STREAM_RATE_HZ,
  MIN_STREAM_RATE_HZ,
  STREAM_ENCODINGS,
  type StreamDecoder,
  type StreamEncoding,
  type StreamFields,
  type StreamFormat,
} from './decode-stream.ts';
export { type Ffmpeg, findFfmpeg } from './ffmpeg.ts';
export { type AudioSpan, type RedactAudioOptions, redactRecording } from './redact-wav.ts';
export { type RestartPoint, restartPoint } from './resample.ts';
export { encodeWav } from './wav-writer.ts';
