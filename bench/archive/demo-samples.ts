import { decodeRecording } from '../../src/audio/index.ts';

/** The caller of the Dutch demo call at 8 kHz, as often as it takes. */
export async function demoSamples(seconds: number): Promise<Float32Array> {
  const path = new URL('../../demo/calls/nl-bestelling.wav', import.meta.url).pathname;
  await using recording = await decodeRecording({ path });
  const call: number[] = [];
  // Every second sample: speech of a telephone has nothing above 4 kHz.
  for await (const [left] of recording.chunks)
    for (let n = 0; n < left!.samples.length; n += 2) call.push(left!.samples[n]!);
  return Float32Array.from({ length: seconds * 8000 }, (_, n) => call[n % call.length]!);
}
