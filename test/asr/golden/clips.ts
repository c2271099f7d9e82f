/** The synthetic clips of the golden tests: the same samples as clips.py, bit for bit. */
export function clip(seed: number, maxSamples: number): Float32Array {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
  const shortest = Math.floor(maxSamples / 8);
  const length = shortest + Math.floor((draw() * (maxSamples - shortest)) / 65536);
  const samples = new Float32Array(length);
  let period = 100;
  let tone = 0;
  let noise = 0;
  for (let i = 0; i < length; i++) {
    if (i % 1600 === 0) {
      period = 20 + (draw() % 200);
      tone = draw() % 9000;
      noise = draw() % 5000;
    }
    const phase = i % period;
    const ramp = Math.floor((4 * phase * tone) / period);
    const triangle = 2 * phase < period ? ramp - tone : 3 * tone - ramp;
    samples[i] = (triangle + Math.floor(((draw() - 32768) * noise) / 32768)) / 32768;
  }
  return samples;
}
