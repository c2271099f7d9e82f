/**
 * Critical leaks on generated calls: identifiers of random digits and letters, read in many ways, in seven dialects, with
 * and without announcement, in pieces, corrected, and read back. Rules alone, without the model.
 *
 *     npx node bench/redaction/generated.ts [--calls 20000] [--seed 1] [--list 20]
 *
 * A call leaks when a single token of its identifier survives in any turn. `--list` prints the first that do.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';
import { type GeneratedCall, generatedCall, leaksOf } from '../../test/redact/generated/calls.ts';
import { report } from '../result.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    list: { type: 'string', default: '0' },
  },
});
const calls = fc.sample(generatedCall(), { numRuns: Number(values.calls), seed: Number(values.seed) });
const rows: Record<string, { calls: number; leaked: number; 'leaked %': number }> = {};
let listed = Number(values.list);
for (const call of calls) {
  const leak = leaked(call);
  for (const group of ['all', call.language, call.kind, call.shape]) {
    rows[group] ??= { calls: 0, leaked: 0, 'leaked %': 0 };
    const row = rows[group];
    row.calls += 1;
    if (leak !== undefined) row.leaked += 1;
    row['leaked %'] = Number(((100 * row.leaked) / row.calls).toFixed(2));
  }
  if (leak !== undefined && listed-- > 0)
    console.log(`${call.language} ${call.kind}, ${call.shape}: ${leak}`);
}
report({ name: 'redaction-generated', table: rows, figures: { seed: Number(values.seed), rows } });

function leaked(call: GeneratedCall): string | undefined {
  const engine = new RedactionEngine({ operators: {}, defaultOperator: 'mask' });
  for (const turn of call.turns) {
    const masked = engine.final(turn.text, call.language, turn.role, []);
    if (leaksOf(turn, masked).length > 0) return turn.text;
  }
  return undefined;
}
