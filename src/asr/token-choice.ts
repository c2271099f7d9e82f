import { logSumExp } from './logit-rules.ts';

export interface TokenChoice {
  readonly token: number;
  /** At temperature 1, whatever the temperature it was drawn at. */
  readonly logProbability: number;
}

/** The likeliest token (the lowest id among equals), or one drawn at a temperature above 0. */
export function chooseToken(logits: Float32Array, temperature: number, draw: () => number): TokenChoice {
  const token = temperature === 0 ? likeliest(logits) : sample(logits, temperature, draw());
  return { token, logProbability: logits[token]! - logSumExp(logits, 0, logits.length) };
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

/** The first token at which the cumulated probability passes `uniform`. */
function sample(logits: Float32Array, temperature: number, uniform: number): number {
  const largest = logits[likeliest(logits)]!;
  const weight = (id: number) => Math.exp((logits[id]! - largest) / temperature);
  let total = 0;
  for (let id = 0; id < logits.length; id++) total += weight(id);
  let rest = uniform * total;
  let chosen = 0;
  for (let id = 0; id < logits.length; id++) {
    const mass = weight(id);
    if (mass === 0) continue;
    chosen = id;
    rest -= mass;
    if (rest < 0) break;
  }
  return chosen;
}
