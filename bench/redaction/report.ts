/** Tables for people, a JSON file for the record, and the bars. */
import { report } from '../result.ts';
import type { Score } from './score.ts';

/** Issue 4, bar 1: per language, over spoken and written snippets together. */
const BARS = { criticalLeakRate: 0.01, f2: 0.9, overMaskedPer1000Words: 8 };

export function printLanguages(title: string, scores: Record<string, Score>): void {
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      byName(scores).map(([group, one]) => [
        group,
        {
          entities: one.entities,
          critical: one.criticalEntities,
          leaks: one.criticalLeaks,
          'leak rate %': percent(one.criticalLeakRate),
          'leaked chars %': percent(one.all.leakedCharRate),
          precision: fixed(one.all.precision),
          recall: fixed(one.all.recall),
          F2: fixed(one.all.f2),
          'typed F2': fixed(one.all.typedF2),
          'over/1000': Number(one.overMaskedPer1000Words.toFixed(1)),
          'same name %': percent(one.pseudonymConsistency),
        },
      ]),
    ),
  );
}

export function printTypes(one: Score): void {
  console.log('\nby type, all languages');
  console.table(
    Object.fromEntries(
      byName(one.types).map(([type, own]) => [
        type,
        {
          gold: own.gold,
          predicted: own.predicted,
          ...(own.predicted > 0 && {
            precision: fixed(own.precision),
            'typed P': fixed(own.typedPrecision),
          }),
          ...(own.gold > 0 && {
            recall: fixed(own.recall),
            'typed R': fixed(own.typedRecall),
            'leaked chars %': percent(own.leakedCharRate),
          }),
          ...(own.predicted > 0 && own.gold > 0 && { F2: fixed(own.f2) }),
        },
      ]),
    ),
  );
}

export function barsMissed(scores: Record<string, Score>): string[] {
  return Object.entries(scores)
    .filter(([group]) => /^[a-z]{2}$/.test(group))
    .flatMap(([language, one]) => [
      ...(one.criticalLeakRate > BARS.criticalLeakRate ? [`${language} critical leak rate`] : []),
      ...(one.all.f2 < BARS.f2 ? [`${language} F2`] : []),
      ...(one.overMaskedPer1000Words > BARS.overMaskedPer1000Words ? [`${language} over-masking`] : []),
    ]);
}

export function writeResults(part: string, systems: Record<string, Record<string, Score>>): void {
  report({ name: `redaction-${part}`, figures: { bars: BARS, systems }, models: ['models/embedded/ner'] });
}

function byName<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => a.localeCompare(b));
}

const percent = (rate: number): number => Number((100 * rate).toFixed(2));
const fixed = (value: number): number => Number(value.toFixed(3));
