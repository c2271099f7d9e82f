import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { holdExclusively } from '../../src/models/exclusive.ts';
import { removeModel } from '../../src/models/installed.ts';
import { LOCK_FILE } from '../../src/models/lock-file.ts';
import type { PullObserver } from '../../src/models/pull.ts';
import { startModelServer } from './model-server.ts';
import { GRAPH, modelFiles, modelOf, pullFolder, randomBytes, seededRandom, sha256 } from './pull-fixture.ts';

const REFUSED = { kind: 'failed-precondition', message: expect.stringMatching(/refused and was deleted/) };

describe('a pull', () => {
  it('installs through redirects and keeps what it accepted', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    await folder.pull(modelOf(files, false), `${server.url}/`);
    for (const [path, bytes] of Object.entries(files)) {
      expect(readFileSync(folder.path(path)).equals(bytes)).toBe(true);
    }
    const lock = JSON.parse(readFileSync(join(folder.into, LOCK_FILE), 'utf8'));
    expect(lock.models['test-model'].files[GRAPH]).toMatchObject({
      sha256: sha256(files[GRAPH]!),
      bytes: files[GRAPH]!.length,
      fromCatalog: false,
    });
    expect(readFileSync(folder.path('SHA256SUMS'), 'utf8')).toContain(`${sha256(files[GRAPH]!)}  ${GRAPH}\n`);
    expect(readdirSync(folder.path('onnx'))).toEqual(['model_quantized.onnx']);
    expect(folder.outcomes).toEqual(Object.keys(files).map((path) => `${path} first-accepted`));
  });

  it('fetches nothing that is there already, and again what was changed since', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const model = modelOf(files, false);
    await folder.pull(model, server.url);
    server.requests.length = 0;
    await folder.pull(model, server.url);
    expect(server.requests).toEqual([]);
    writeFileSync(folder.path(GRAPH), 'damaged');
    await folder.pull(model, server.url);
    expect(server.requests.map(({ path }) => path)).toEqual([GRAPH]);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it.each([1, 2, 3, 4, 5])('interrupted 20 times at random (%i), ends with the right bytes', async (seed) => {
    const files = modelFiles(randomBytes(1_000_000, seed));
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const random = seededRandom(seed);
    let cuts = 0;
    server.faults = {
      cutAfter: (path, length) => {
        if (path !== GRAPH || cuts === 20) return undefined;
        cuts += 1;
        return Math.floor(random() * random() * length);
      },
    };
    await folder.pull(modelOf(files, seed % 2 === 0), server.url, {
      transfer: { attempts: 21, stallMs: 60_000, wait: async () => {} },
    });
    expect(cuts).toBe(20);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
    expect(server.requests.filter(({ range }) => range !== undefined).length).toBeGreaterThan(5);
  });

  it('begins again where a server has no ranges', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const cuts = [100_000, 200_000, 50_000];
    server.faults = { ranges: false, cutAfter: (path) => (path === GRAPH ? cuts.shift() : undefined) };
    await folder.pull(modelOf(files, true), server.url);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it('does not resume on trust: without a hash and a version, it begins again', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const holds = [100_000];
    server.faults = {
      etag: () => 'W/"weak"',
      holdAfter: (path) => (path === GRAPH ? holds.shift() : undefined),
    };
    const observer = atProgress(100_000, server.dropConnections);
    await folder.pull(modelOf(files, false), server.url, { observer });
    expect(server.requests.slice(-2)).toEqual([
      { path: GRAPH, range: undefined, ifRange: undefined },
      { path: GRAPH, range: undefined, ifRange: undefined },
    ]);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it.each([
    { name: 'honours If-Range', ignoresIfRange: false },
    { name: 'ignores If-Range', ignoresIfRange: true },
  ])(
    'mixes no versions when the file changes on the way, at a server that $name',
    async ({ ignoresIfRange }) => {
      const before = modelFiles(randomBytes(300_000, 7));
      const after = modelFiles(randomBytes(300_000, 8));
      await using server = await startModelServer(before);
      using folder = pullFolder();
      let version = 1;
      server.faults = {
        ignoresIfRange,
        etag: (path) => `"${path} ${version}"`,
        holdAfter: (path) => (path === GRAPH && version === 1 ? 120_000 : undefined),
      };
      const observer = atProgress(120_000, () => {
        if (version === 2) return;
        version = 2;
        server.files.set(GRAPH, after[GRAPH]!);
        server.dropConnections();
      });
      await folder.pull(modelOf(after, false), server.url, { observer });
      expect(server.requests).toContainEqual({
        path: GRAPH,
        range: 'bytes=120000-',
        ifRange: `"${GRAPH} 1"`,
      });
      expect(readFileSync(folder.path(GRAPH)).equals(after[GRAPH]!)).toBe(true);
    },
  );

  it('takes a slow answer as it comes, and tries again where nothing comes', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    let stalled = false;
    server.faults = {
      intercept: (request, response) => {
        if (!request.url?.endsWith(GRAPH)) return false;
        if (!stalled) {
          stalled = true;
          return true;
        }
        const body = files[GRAPH]!;
        response.writeHead(200, { 'content-length': body.length, etag: '"slow"' });
        const send = (from: number) => {
          if (from >= body.length) response.end();
          else response.write(body.subarray(from, from + 5000), () => setImmediate(send, from + 5000));
        };
        send(0);
        return true;
      },
    };
    await folder.pull(modelOf(files, true), server.url, {
      transfer: { attempts: 20, stallMs: 2000, wait: async () => {} },
    });
    expect(stalled).toBe(true);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it('tries again when the server is not well, as late as it asks', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const answers = [500, 502, 503, 429];
    server.faults = {
      intercept: (_request, response) => {
        const status = answers.shift();
        if (status !== undefined) response.writeHead(status, { 'retry-after': '7' }).end();
        return status !== undefined;
      },
    };
    await folder.pull(modelOf(files, true), server.url);
    expect(folder.waits).toEqual([7000, 7000, 7000, 7000]);
  });

  it('gives up in the end, and says how to go on', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    server.faults = {
      intercept: (_request, response) => {
        response.writeHead(503).end();
        return true;
      },
    };
    await expect(folder.pull(modelOf(files, true), server.url)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/503, 8 times in a row; run the command again/),
    });
    expect(folder.waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000]);
  });

  it('says what is not found', async () => {
    await using server = await startModelServer({});
    using folder = pullFolder();
    await expect(folder.pull(modelOf(modelFiles(), true), server.url)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/resolve\/main\/config\.json: the server answered 404/),
    });
  });

  it('goes on where a killed process stopped', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const model = modelOf(files, false);
    server.faults = {
      intercept: (request, response) => {
        if (!request.url?.endsWith(GRAPH)) return false;
        response.writeHead(200, { 'content-length': files[GRAPH]!.length, etag: '"v1"' });
        // The rest never comes: the process dies in the middle.
        response.write(files[GRAPH]!.subarray(0, 123_456));
        return true;
      },
    };
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('pull-child.ts', import.meta.url)),
        server.url,
        folder.into,
        JSON.stringify(model),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    for await (const line of createInterface(child.stdout)) {
      if (line !== `${GRAPH} 123456`) continue;
      await expect(folder.pull(model, server.url)).rejects.toMatchObject({ kind: 'unavailable' });
      child.kill('SIGKILL');
    }
    expect(await exited).toEqual([null, 'SIGKILL']);
    server.requests.length = 0;
    server.faults = { etag: () => '"v1"' };
    await folder.pull(model, server.url);
    expect(server.requests).toEqual([{ path: GRAPH, range: 'bytes=123456-', ifRange: '"v1"' }]);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it('leaves a folder alone that another process is changing', async () => {
    using folder = pullFolder();
    using _held = await holdExclusively(folder.into);
    await expect(folder.pull(modelOf(modelFiles(), true), 'http://127.0.0.1:1')).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/being changed by another/),
    });
  });

  it('stops when asked to', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const abort = new AbortController();
    server.faults = {
      intercept: () => {
        abort.abort();
        return true;
      },
    };
    await expect(
      folder.pull(modelOf(files, true), server.url, { signal: abort.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('what is refused', () => {
  it('a flipped bit, wherever it is', async () => {
    const files = modelFiles(randomBytes(20_000, 3));
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const random = seededRandom(11);
    for (let round = 0; round < 40; round++) {
      await removeModel('test-model', folder.into, { forget: false });
      const path = Object.keys(files)[round % 3]!;
      const flipped = Buffer.from(files[path]!);
      flipped[Math.floor(random() * flipped.length)]! ^= 1 << Math.floor(random() * 8);
      for (const [name, bytes] of Object.entries(files)) server.files.set(name, bytes);
      server.files.set(path, flipped);
      await expect(folder.pull(modelOf(files, true), server.url)).rejects.toMatchObject(REFUSED);
      expect(existsSync(folder.path(path))).toBe(false);
      expect(existsSync(`${folder.path(path)}.part`)).toBe(false);
    }
    for (const [name, bytes] of Object.entries(files)) server.files.set(name, bytes);
    await folder.pull(modelOf(files, true), server.url);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it('a bit flipped in a part that lay on disk', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const abort = new AbortController();
    server.faults = {
      intercept: (request, response) => {
        if (!request.url?.endsWith(GRAPH)) return false;
        response.writeHead(200, { 'content-length': files[GRAPH]!.length, etag: `"${GRAPH}"` });
        response.write(files[GRAPH]!.subarray(0, 100_000));
        return true;
      },
    };
    const observer = atProgress(100_000, () => abort.abort());
    const model = modelOf(files, true);
    await expect(folder.pull(model, server.url, { observer, signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const part = `${folder.path(GRAPH)}.part`;
    const bytes = readFileSync(part);
    bytes[0]! ^= 1;
    writeFileSync(part, bytes);
    server.faults = {};
    server.requests.length = 0;
    await expect(folder.pull(model, server.url)).rejects.toMatchObject(REFUSED);
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=100000-']);
    await folder.pull(model, server.url);
    expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
  });

  it.each([
    { name: 'shorter', change: (bytes: Buffer) => bytes.subarray(0, -1) },
    { name: 'longer', change: (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])]) },
  ])('a $name file', async ({ change }) => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    server.files.set(GRAPH, change(files[GRAPH]!));
    await expect(folder.pull(modelOf(files, true), server.url)).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: expect.stringMatching(/bytes, 300000 are expected/),
    });
    expect(existsSync(folder.path(GRAPH))).toBe(false);
  });

  it('more bytes than were announced to come', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    server.faults = {
      intercept: (request, response) => {
        if (!request.url?.endsWith(GRAPH)) return false;
        response.writeHead(200, { 'transfer-encoding': 'chunked' });
        response.end(Buffer.concat([files[GRAPH]!, Buffer.alloc(1000)]));
        return true;
      },
    };
    await expect(folder.pull(modelOf(files, true), server.url)).rejects.toMatchObject({
      message: expect.stringMatching(/more than the expected 300000 bytes/),
    });
    expect(existsSync(folder.path(GRAPH))).toBe(false);
  });

  it('other bytes than were accepted first, until they are forgotten', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    const model = modelOf(files, false);
    await folder.pull(model, server.url);
    const changed = randomBytes(300_000, 99);
    server.files.set(GRAPH, changed);
    await removeModel(model.id, folder.into, { forget: false });
    await expect(folder.pull(model, server.url)).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: expect.stringMatching(/as was accepted first .*sotto models remove test-model --forget/),
    });
    expect(existsSync(folder.path(GRAPH))).toBe(false);
    await removeModel(model.id, folder.into, { forget: true });
    await folder.pull(model, server.url);
    expect(readFileSync(folder.path(GRAPH)).equals(changed)).toBe(true);
  });

  it('a catalogue that names another hash than was accepted', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using folder = pullFolder();
    await folder.pull(modelOf(files, false), server.url);
    await expect(
      folder.pull(modelOf(modelFiles(randomBytes(300_000, 5)), true), server.url),
    ).rejects.toMatchObject({ message: expect.stringMatching(/names another hash than was accepted first/) });
  });

  it.each([
    { name: 'a stub', path: GRAPH, bytes: 'version https://git-lfs.github.com/spec/v1', type: undefined },
    { name: 'a web page', path: GRAPH, bytes: '<html>sign in</html>'.repeat(100), type: 'text/html' },
    { name: 'a broken description', path: 'tokenizer.json', bytes: '{"model":', type: undefined },
  ])('$name, even on first use', async ({ path, bytes, type }) => {
    const files = modelFiles();
    await using server = await startModelServer({ ...files, [path]: Buffer.from(bytes) });
    using folder = pullFolder();
    server.faults = { contentType: type };
    await expect(folder.pull(modelOf(files, false), server.url)).rejects.toMatchObject({
      kind: 'failed-precondition',
    });
    expect(existsSync(folder.path(path))).toBe(false);
  });

  it('a model whose description names emotions, before its weights are fetched', async () => {
    const files = modelFiles();
    files['config.json'] = Buffer.from('{"id2label":{"0":"joy","1":"anger","2":"neutral"}}');
    await using server = await startModelServer(files);
    using folder = pullFolder();
    await expect(folder.pull(modelOf(files, true), server.url)).rejects.toMatchObject({
      kind: 'prohibited-by-design',
      detail: { feature: 'emotion' },
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['config.json']);
    expect(existsSync(folder.path('config.json'))).toBe(false);
  });

  it('a damaged lock file', async () => {
    using folder = pullFolder();
    writeFileSync(join(folder.into, LOCK_FILE), '{}');
    await expect(folder.pull(modelOf(modelFiles(), true), 'http://127.0.0.1:1')).rejects.toMatchObject({
      message: expect.stringMatching(/damaged: restore it from your backup/),
    });
  });
});

describe('a pull from a folder', () => {
  it.each(['test-model', 'test/model', 'test/model/resolve/main', ''])(
    'finds files in "%s"',
    async (layout) => {
      const files = modelFiles();
      using source = pullFolder();
      using folder = pullFolder();
      copyTo(join(source.into, layout), files);
      const origin = { type: 'folder', folder: source.into, anyLayout: true } as const;
      await folder.pull(modelOf(files, true), '', { origin });
      expect(readFileSync(folder.path(GRAPH)).equals(files[GRAPH]!)).toBe(true);
    },
  );

  it('refuses a flipped bit, by the hash that the other machine accepted too', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    using source = pullFolder();
    using folder = pullFolder();
    const model = modelOf(files, false);
    await source.pull(model, server.url);
    const flipped = Buffer.from(files[GRAPH]!);
    flipped[5]! ^= 4;
    writeFileSync(source.path(GRAPH), flipped);
    const origin = { type: 'folder', folder: source.into, anyLayout: false } as const;
    await expect(folder.pull(model, '', { origin })).rejects.toMatchObject({
      message: expect.stringMatching(/refused and was deleted/),
    });
    expect(existsSync(folder.path(GRAPH))).toBe(false);
    expect(readFileSync(source.path(GRAPH)).equals(flipped)).toBe(true);
  });

  it('says where it looked', async () => {
    using source = pullFolder();
    using folder = pullFolder();
    const origin = { type: 'folder', folder: source.into, anyLayout: false } as const;
    await expect(folder.pull(modelOf(modelFiles(), true), '', { origin })).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining(join(source.into, 'test/model')),
    });
  });
});

/** Acts when so many bytes of the file lie in the part. */
function atProgress(wanted: number, act: () => void): PullObserver {
  return {
    fileStarted: () => {},
    fileProgress: (_path, bytes) => {
      if (bytes === wanted) act();
    },
    fileDone: () => {},
  };
}

function copyTo(folder: string, files: Record<string, Buffer>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
