import { describe, expect, it } from 'vitest';
import { type ManifestFormat, readManifest } from '../../src/archive/sources/manifest.ts';

async function read(text: string, format: ManifestFormat = 'csv') {
  const entries = [];
  // In pieces of a few bytes: lines and characters are cut anywhere.
  const pieces = async function* () {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  };
  for await (const entry of readManifest(pieces(), format, 'manifest')) entries.push(entry);
  return entries;
}

const HEADER = 'file,call_id,channels,roles,language,time\n';

describe('CSV', () => {
  it('gives every line with what it says, quoted and in any order of columns', async () => {
    const text =
      '\ufefftime,file,language,roles,call_id\r\n2024-05-01T09:30:00+02:00,"a, ""b"".wav",nl;en,agent;caller,7f1c\r\n\r\n,café.mp3,,,\r\n';
    expect(await read(text)).toEqual([
      {
        location: 'a, "b".wav',
        callId: '7f1c',
        roles: ['agent', 'caller'],
        languages: ['nl', 'en'],
        recordedAt: new Date('2024-05-01T07:30:00Z'),
      },
      { location: 'café.mp3' },
    ]);
  });

  it('takes the usual roles for a number of channels', async () => {
    expect(await read(`${HEADER}a.wav,,2,,,\nb.wav,,1,agent,,\n`)).toEqual([
      { location: 'a.wav', roles: ['caller', 'agent'] },
      { location: 'b.wav', roles: ['agent'] },
    ]);
  });

  it.each([
    [`${HEADER}a.wav,,,,xx,\n`, 'line 2, column language'],
    [`${HEADER}a.wav,,,,,\n,,,,,\nb.wav,,,,,\n`, 'line 3, column file'],
    [`${HEADER}a.wav,,3,,,\n`, 'line 2, column channels'],
    [`${HEADER}a.wav,,1,caller;agent,,\n`, 'line 2, column channels'],
    [`${HEADER}a.wav,,,boss,,\n`, 'line 2, column roles'],
    [`${HEADER}a.wav,,,,,yesterday\n`, 'line 2, column time'],
    [`${HEADER}a.wav,,,,,2024-05-01T09:30:00\n`, 'line 2, column time'],
    [`${HEADER}a.wav,+31612345678,,,,\n`, 'line 2, column call_id'],
    [`${HEADER}a.wav,,,,\n`, 'line 2'],
    [`${HEADER}"a.wav,,,,,\n`, 'line'],
    ['path,language\na.wav,nl\n', 'line 1'],
    ['language\nnl\n', 'line 1'],
    [HEADER, 'names no recording'],
    ['', 'names no recording'],
  ])('%j is refused, naming the place', async (text, place) => {
    await expect(read(text)).rejects.toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringContaining(place),
    });
  });

  it('shows nothing of the line in its error: it may be personal data', async () => {
    const error = await read('0612345678.wav,nl\n').catch((reason: Error) => reason);
    expect((error as Error).message).not.toContain('0612345678');
  });
});

describe('JSON lines', () => {
  it('gives every object', async () => {
    const text =
      '{"file":"a.wav","channels":2,"language":["nl","de"]}\n\n{"file":"b.wav","time":"2024-05-01"}';
    expect(await read(text, 'jsonl')).toEqual([
      { location: 'a.wav', roles: ['caller', 'agent'], languages: ['nl', 'de'] },
      { location: 'b.wav', recordedAt: new Date('2024-05-01') },
    ]);
  });

  it.each([
    ['{"file":"a.wav"}\n{"file":', 'line 2: is not JSON'],
    ['["a.wav"]', 'line 1: is not a JSON object'],
    ['{"file":"a.wav","emotion":1}', 'line 1: has a column'],
    ['{"file":{"a":1}}', 'line 1, column file'],
    ['{"channels":1}', 'line 1: has no column "file"'],
  ])('%j is refused', async (text, place) => {
    await expect(read(text, 'jsonl')).rejects.toMatchObject({ message: expect.stringContaining(place) });
  });
});
