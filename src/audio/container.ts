/** A file format we take, how people call it, and ffmpeg's name for its demuxer. */
export interface Container {
  readonly name: string;
  readonly demuxer: string;
}

export const WAV: Container = { name: 'WAV', demuxer: 'wav' };
export const MP4: Container = { name: 'M4A/MP4', demuxer: 'mov' };

/** For error messages. */
export const CONTAINER_NAMES = 'WAV, MP3, Ogg (Opus, Vorbis), FLAC, M4A/MP4, WebM, AMR, GSM, AAC, AU, AIFF';

/** Bytes that `sniffContainer` likes to see. */
export const SNIFF_BYTES = 256;

/**
 * What a file is, by its first bytes and never by its name, so that ffmpeg gets the one demuxer we chose
 * and its playlist and concatenation formats stay out of reach.
 */
export function sniffContainer(head: Uint8Array): Container | undefined {
  const text = Buffer.from(head.subarray(0, 16)).toString('latin1');
  if (/^(RIFF|RF64)....WAVE/s.test(text)) return WAV;
  if (text.startsWith('OggS')) return { name: 'Ogg', demuxer: 'ogg' };
  if (text.startsWith('fLaC')) return { name: 'FLAC', demuxer: 'flac' };
  if (/^....(ftyp|moov|mdat|wide|free|skip)/s.test(text)) return MP4;
  if (text.startsWith('\x1a\x45\xdf\xa3')) return { name: 'WebM/Matroska', demuxer: 'matroska' };
  if (text.startsWith('#!AMR')) return { name: 'AMR', demuxer: 'amr' };
  if (text.startsWith('.snd')) return { name: 'AU', demuxer: 'au' };
  if (/^FORM....AIF[FC]/s.test(text)) return { name: 'AIFF', demuxer: 'aiff' };
  if (text.startsWith('ID3') || isMpegAudioFrame(head)) return { name: 'MP3', demuxer: 'mp3' };
  if (isAdtsFrame(head)) return { name: 'AAC', demuxer: 'aac' };
  if (isGsmFullRate(head)) return { name: 'GSM', demuxer: 'gsm' };
  return undefined;
}

/** ISO 11172-3, 2.4.1.3: sync word, and no reserved version, layer, bit rate or rate. */
function isMpegAudioFrame(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  return (
    first === 0xff &&
    (second & 0xe0) === 0xe0 &&
    (second & 0x18) !== 0x08 &&
    (second & 0x06) !== 0 &&
    (third & 0xf0) !== 0xf0 &&
    (third & 0xf0) !== 0 &&
    (third & 0x0c) !== 0x0c
  );
}

/** ISO 13818-7, 6.2: sync word and layer 0. */
function isAdtsFrame(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  return first === 0xff && (second & 0xf6) === 0xf0 && (third & 0x3c) <= 0x30;
}

/** GSM 06.10 without a header: frames of 33 bytes (20 ms), each beginning with the nibble 0xd (RFC 3551, 4.5.8). */
function isGsmFullRate(head: Uint8Array): boolean {
  const frames = Math.floor(head.length / 33);
  if (frames < 3) return false;
  for (let frame = 0; frame < frames; frame++) {
    if (head[frame * 33]! >> 4 !== 0xd) return false;
  }
  return true;
}
