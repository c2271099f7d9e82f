/** An export as one document: JSON for machines (GDPR Art. 20), a page of HTML for people (Art. 12(1), 15). */
import { samplesToMs } from '../../domain/audio.ts';
import type { ExportedCall, StoredSegment } from '../../store/index.ts';

/** Pieces are joined by the client; near what a gRPC message carries well. */
const PIECE_LENGTH = 256 * 1024;

export async function* exportDocument(
  calls: AsyncIterable<ExportedCall>,
  format: 'json' | 'html',
  exportedAt: Date,
): AsyncGenerator<string, void, undefined> {
  const parts = format === 'json' ? jsonParts(calls, exportedAt) : htmlParts(calls, exportedAt);
  let piece = '';
  for await (const part of parts) {
    piece += part;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

async function* jsonParts(calls: AsyncIterable<ExportedCall>, exportedAt: Date): AsyncGenerator<string> {
  yield `{"format":"sotto export 1","exportedAt":${JSON.stringify(exportedAt)},"calls":[`;
  let separator = '\n';
  for await (const { segments, ...call } of calls) {
    // In parts: a call may be hours long.
    yield `${separator}${JSON.stringify(call).slice(0, -1)},"segments":[`;
    let comma = '';
    for (const segment of segments) {
      yield `${comma}\n${JSON.stringify(plainSegment(segment))}`;
      comma = ',';
    }
    yield ']}';
    separator = ',\n';
  }
  yield ']}\n';
}

function plainSegment({ role, language, startSample, endSample, text, entities, sentiment }: StoredSegment) {
  return {
    speaker: role,
    language,
    startMs: Math.round(samplesToMs(startSample)),
    endMs: Math.round(samplesToMs(endSample)),
    text,
    entities: entities.map(({ type, replacement }) => ({ type, replacement })),
    ...(sentiment && { sentiment }),
  };
}

async function* htmlParts(calls: AsyncIterable<ExportedCall>, exportedAt: Date): AsyncGenerator<string> {
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Data kept of your calls</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}td,th{text-align:left;vertical-align:top;padding:.1em .8em .1em 0}th{font-weight:600}</style>
</head><body>
<h1>Data kept of your calls</h1>
<p>As of ${when(exportedAt)}. Names and numbers in the texts were replaced when the calls were transcribed; recordings
of the voice are not kept. You may ask for correction, erasure or restriction, and complain to your data protection
authority (GDPR Art. 15(1)(e) and (f)).</p>
`;
  let count = 0;
  for await (const call of calls) {
    count++;
    yield `<h2>Call of ${when(call.startedAt)}</h2>
<table>${row('Purpose', call.purpose)}${row('Lawful basis', call.lawfulBasis)}${row('Kept until', when(call.expiresAt))}${
      call.restrictedAt ? row('Restricted since', when(call.restrictedAt)) : ''
    }${row('Reference', call.id)}</table>
<table>
`;
    for (const segment of call.segments) {
      yield `<tr><td>${clock(segment.startSample)}</td><th>${segment.role}</th><td lang="${segment.language}">${escaped(segment.text)}</td></tr>\n`;
    }
    yield '</table>\n';
    if (call.originals?.length) {
      yield `<h3>What stands behind the replacements</h3>\n<table>${call.originals
        .map(({ replacement, original }) => row(replacement, original))
        .join('')}</table>\n`;
    }
  }
  if (count === 0) yield '<p>Nothing is kept.</p>\n';
  yield '</body></html>\n';
}

function row(name: string, value: string): string {
  return `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`;
}

function when(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `1:02` from the start of the call. */
function clock(samples: number): string {
  const seconds = Math.floor(samplesToMs(samples) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
