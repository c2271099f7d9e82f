/**
 * ITU-T G.711 (11/88), tables 1 and 2, on the 16-bit scale that G.191 and sox use: A-law's 13-bit values
 * times 8, mu-law's 14-bit values times 4. Peaks: 32256 (A-law), 32124 (mu-law).
 */

/** Added before the segment is found, so that segments begin at powers of two (33 on the 14-bit scale). */
const MULAW_BIAS = 33 << 2;
const MULAW_CLIP = 8158 << 2;

/** 16-bit value of each of the 256 mu-law codes. 0x7f is negative zero and decodes to 0. */
export const MULAW_TO_LINEAR: Int16Array = Int16Array.from({ length: 256 }, (_, code) =>
  decodeMulawCode(code),
);

/** 16-bit value of each of the 256 A-law codes (with the even bits inverted, as on the wire). */
export const ALAW_TO_LINEAR: Int16Array = Int16Array.from({ length: 256 }, (_, code) => decodeAlawCode(code));

function decodeMulawCode(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = ((((inverted & 0x0f) << 3) + MULAW_BIAS) << ((inverted & 0x70) >> 4)) - MULAW_BIAS;
  // `|| 0`: no negative zero
  return (inverted & 0x80 ? -magnitude : magnitude) || 0;
}

function decodeAlawCode(code: number): number {
  const toggled = code ^ 0x55;
  const segment = (toggled & 0x70) >> 4;
  const step = ((toggled & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}

/** The nearest mu-law code of a 16-bit sample; a tie goes to the code farther from zero. */
export function encodeMulaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), MULAW_CLIP) + MULAW_BIAS;
  const segment = Math.min(7, Math.max(0, 31 - Math.clz32(magnitude) - 7));
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}

/** The nearest A-law code of a 16-bit sample; a tie goes to the code farther from zero. */
export function encodeAlaw(sample: number): number {
  // A-law has no zero: -1 and below are negative, 0 is the smallest positive value.
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32767);
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const step = (segment === 0 ? magnitude >> 4 : magnitude >> (segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
}
