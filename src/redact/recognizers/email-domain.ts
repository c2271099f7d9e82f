import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';

const TOP_LEVEL = new Set(
  'com nl be de fr it eu org net uk ch at lu info io es pl co edu gov me online shop email cloud app dev biz nu komm kom ie se dk fi pt cz hu ro gr tv cc aero art blog site tech store pro mobi amsterdam brussels vlaanderen berlin koeln hamburg bayern paris bzh alsace frl tirol wien swiss scot wales cymru london nrw ruhr saarland'.split(
    ' ',
  ),
);
/** Who gives mailboxes to people: a domain even without its ending, and nobody's company. */
export const PROVIDERS = new Set(
  (
    'gmail googlemail hotmail outlook yahoo live icloud ziggo kpn kpnmail planet xs4all telenet skynet proximus hetnet upcmail home casema chello zonnet solcon web gmx online freenet posteo mailbox arcor ' +
    'orange wanadoo free laposte sfr neuf libero virgilio alice tiscali tin tim fastwebnet btinternet aol proton protonmail msn bluewin sunrise hispeed me mac virginmedia sky talktalk ntlworld pec'
  ).split(' '),
);
/** Particles of names, in local parts and domains. */
export const PARTICLES: ReadonlySet<string> = new Set(
  'van de der den von del della di la le du da ten ter el al'.split(' '),
);

/** The last element of a domain that starts at `from`; weak "at" needs a known ending. */
export function readDomain(turn: Turn, from: number, lenient: boolean): number | undefined {
  const { elements, tokens } = turn;
  if (elements[from - 1]?.written) {
    const glued = gluedEnd(turn, from);
    if (glued !== undefined) return glued;
  }
  let sawName = false;
  for (let i = from; i < elements.length && i < from + 16; i++) {
    const e = elements[i]!;
    if (i > from && tokens[e.from]!.gap.kind === 'sentence') break;
    const isDot = (e.kind === 'mark' && e.value === '.') || dotBefore(turn, i);
    if (isDot && sawName) {
      const top = e.kind === 'mark' && e.value === '.' ? i + 1 : i;
      const end = topLevelEnd(turn, top);
      if (end !== undefined) {
        // "punt co punt uk", "punt gv punt at"
        const next = elements[end + 1];
        if (next && ((next.kind === 'mark' && next.value === '.') || dotBefore(turn, end + 1))) {
          const second = topLevelEnd(turn, next.kind === 'mark' ? end + 2 : end + 1);
          if (second !== undefined) return second;
        }
        return end;
      }
      // "pec punto geometri punto it": a name of several parts.
      const dot = elements[top + 1];
      if (elements[top]?.kind === 'word' && dot?.kind === 'mark' && dot.value === '.') {
        const beyond = topLevelEnd(turn, top + 2);
        if (beyond !== undefined) return beyond;
      }
      // "blue win punkt zehar": where an address is due, an ending that nobody knows is misheard.
      if (
        lenient &&
        turn.elements[top]?.kind === 'word' &&
        tokens[turn.elements[top]!.from]!.gap.kind === 'space'
      )
        return top;
    }
    if (e.kind === 'mark' || e.kind === 'filler') continue;
    const word = tokens[e.from]!.norm;
    if (sawName && TOP_LEVEL.has(word) && PROVIDERS.has(tokens[elements[i - 1]!.from]!.norm)) return i;
    const beyond = elements[i + 1];
    const inName =
      (PARTICLES.has(word) && beyond?.kind === 'word') || (beyond?.kind === 'mark' && beyond.value === '.');
    // "jo's kitchen"
    const elided = tokens[e.from]!.gap.kind === 'join' && tokens[e.from]!.gap.marks !== '';
    if (CORE_WORDS.has(word) && sawName && !inName && !elided && !e.written && e.kind !== 'letters') break;
    sawName = true;
  }
  // "apenstaartje gmail" without its ending
  const next = elements[from];
  if (!next) return undefined;
  const word = tokens[next.from]!.norm;
  if (PROVIDERS.has(word) && (lenient || word.includes('mail'))) return from;
  return undefined;
}

/** The last element of a top level that starts at `i`: "com", "n l". */
export function topLevelEnd(turn: Turn, i: number): number | undefined {
  const e = turn.elements[i];
  if (!e) return undefined;
  const word = turn.tokens[e.from]!.norm;
  if (TOP_LEVEL.has(word)) return i;
  const next = turn.elements[i + 1];
  if (e.kind === 'letters' && next?.kind === 'letters' && TOP_LEVEL.has(e.value + next.value)) return i + 1;
  return undefined;
}

/** Written domains hold together: "@xs4all.nl", "@shop.example.ie". */
function gluedEnd(turn: Turn, from: number): number | undefined {
  let dots = 0;
  let last: number | undefined;
  for (let i = from; i < turn.elements.length && i < from + 24; i++) {
    const { gap } = turn.tokens[turn.elements[i]!.from]!;
    if (gap.kind !== 'none' && !(gap.kind === 'join' && (gap.marks === '.' || gap.marks === '-'))) break;
    if (gap.marks === '.') dots += 1;
    last = i;
  }
  return dots > 0 ? last : undefined;
}

function dotBefore(turn: Turn, i: number): boolean {
  const e = turn.elements[i];
  const gap = e && turn.tokens[e.from]!.gap;
  return gap?.kind === 'join' && gap.marks.endsWith('.');
}
