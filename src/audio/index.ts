export { type DecodeOptions, decodeRecording, type Recording, type RecordingSource } from './decode-file.ts';
export {
  createStreamDecoder,
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
export { encodeWav } from './wav-writer.ts';
