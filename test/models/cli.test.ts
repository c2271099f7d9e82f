/** `sotto models` as people run it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import { cli } from '../cli/cli-fixture.ts';
import { startModelServer } from './model-server.ts';
import { GRAPH, modelFiles, modelOf, type PullFolder, pullFolder } from './pull-fixture.ts';

function catalogIn(folder: PullFolder, files = modelFiles(), changes: object = {}): string[] {
  const model = { ...modelOf(files, true), ...changes };
  const profile = { device: 'cpu', models: [model.id] };
  const catalog = {
    version: 1,
    profiles: { embedded: profile, cpu: profile, gpu: profile },
    models: [model],
  };
  const path = join(folder.into, 'catalog.json');
  writeFileSync(path, JSON.stringify(catalog));
  return ['--catalog', path, '--into', join(folder.into, 'installed')];
}

function sourceOf(folder: PullFolder, files = modelFiles()): string {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(folder.into, 'source', path, '..'), { recursive: true });
    writeFileSync(join(folder.into, 'source', path), bytes);
  }
  return join(folder.into, 'source');
}

describe('sotto models', () => {
  it('pulls, lists, verifies and removes', async () => {
    using folder = pullFolder();
    const where = catalogIn(folder);
    const pulled = await cli(['models', 'pull', 'test-model', '--from-folder', sourceOf(folder), ...where]);
    expect(pulled).toMatchObject({ code: 0 });
    const installed = join(folder.into, 'installed/test-model');
    expect(pulled.out).toBe(`test-model: installed; use it with models.sentimentDir: ${installed}\n`);
    expect(pulled.err).toContain(`test-model ${GRAPH}: 0.3 MB, verified`);

    expect((await cli(['models', 'list', ...where])).out).toMatch(
      /test-model +sentiment +installed \(cpu, cuda\) +0\.3 MB +en +CC0-1\.0 +embedded cpu gpu +test\/model/,
    );
    expect(await cli(['models', 'verify', ...where])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok +test-model +config\.json$/m),
    });

    const bytes = readFileSync(join(installed, GRAPH));
    bytes[7]! ^= 1;
    writeFileSync(join(installed, GRAPH), bytes);
    writeFileSync(join(installed, 'onnx/model.onnx'), 'planted');
    const verified = await cli(['models', 'verify', 'test-model', ...where]);
    expect(verified).toMatchObject({ code: 1, err: expect.stringMatching(/sotto models remove, then pull/) });
    expect(verified.out).toMatch(/^changed +test-model +onnx\/model_quantized\.onnx$/m);
    expect(verified.out).toMatch(/^unlisted +test-model +onnx\/model\.onnx$/m);

    expect((await cli(['models', 'remove', 'test-model', ...where])).out).toBe('test-model: removed\n');
    expect(existsSync(installed)).toBe(false);
    expect((await cli(['models', 'verify', 'test-model', ...where])).out).toMatch(/^gone +test-model/m);
  });

  it('loads a recogniser after its pull, and takes back one that is prohibited', async () => {
    using folder = pullFolder();
    const where = catalogIn(folder, modelFiles(), { task: 'asr', labels: undefined });
    const pull = ['models', 'pull', 'test-model', '--from-folder', sourceOf(folder), ...where];
    const loaded: string[] = [];
    const prohibits = async (config: { models: { asrDir: string } }) => {
      loaded.push(config.models.asrDir);
      throw new ServiceError('prohibited-by-design', 'tokenizer.json: <|HAPPY|>');
    };
    const refused = await cli(pull, { context: { createRuntime: prohibits } });
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('<|HAPPY|>') });
    const installed = join(folder.into, 'installed/test-model');
    expect(loaded).toEqual([installed]);
    expect(existsSync(installed)).toBe(false);

    expect(await cli([...pull, '--no-compile'], { context: { createRuntime: prohibits } })).toMatchObject({
      code: 0,
    });
    const noGpu = async () => {
      throw new ServiceError('failed-precondition', 'no GPU');
    };
    expect(await cli([...pull, '--device', 'cuda'], { context: { createRuntime: noGpu } })).toMatchObject({
      code: 0,
      err: expect.stringMatching(/not loaded here \(no GPU\); it is compiled at its first start/),
    });
    expect(await cli(pull, { context: { createRuntime: noGpu } })).toMatchObject({ code: 1 });
  });

  it.each([
    { args: ['pull'], says: /name a model of `sotto models list`/ },
    { args: ['pull', 'test-model', '--mirror', 'ftp://x'], says: /--mirror \(SOTTO_MODEL_MIRROR\)/ },
    { args: ['pull', 'nobody'], says: /nobody is not in the catalogue, which has test-model/ },
    { args: ['remove', 'nobody'], says: /not in the catalogue/ },
    { args: ['verify', 'nobody'], says: /not in the catalogue/ },
  ])('refuses $args', async ({ args, says }) => {
    using folder = pullFolder();
    const { code, err } = await cli(['models', ...args, ...catalogIn(folder)]);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(says);
  });

  it('refuses an emotion model in the catalogue with its own exit code', async () => {
    using folder = pullFolder();
    const { code, err } = await cli(['models', 'pull', 'x', ...catalogIn(folder, {}, { id: 'emotion-net' })]);
    expect(code).toBe(2);
    expect(err).toContain('PROHIBITED_BY_DESIGN');
  });
});

describe('sotto models pull, in a process of its own', () => {
  it('takes the mirror from SOTTO_MODEL_MIRROR, and goes through a proxy', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    await using proxy = await startProxy(new URL(server.url).host);
    using folder = pullFolder();
    const args = ['models', 'pull', 'test-model', ...catalogIn(folder, files)];
    const environment = { SOTTO_MODEL_MIRROR: 'http://models.invalid', HTTP_PROXY: proxy.url };
    expect(await run(args, environment)).toMatchObject({ code: 0 });
    expect(new Set(proxy.hosts)).toEqual(new Set(['models.invalid']));
    const installed = join(folder.into, 'installed/test-model', GRAPH);
    expect(readFileSync(installed).equals(files[GRAPH]!)).toBe(true);
  });

  it('goes around the proxy for hosts of NO_PROXY', async () => {
    const files = modelFiles();
    await using server = await startModelServer(files);
    await using proxy = await startProxy('127.0.0.1:1');
    using folder = pullFolder();
    const args = ['models', 'pull', 'test-model', ...catalogIn(folder, files), '--mirror', server.url];
    expect(await run(args, { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' })).toMatchObject({ code: 0 });
    expect(proxy.hosts).toEqual([]);
  });
});

async function run(args: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, ['src/cli/sotto.ts', ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code: code as number, err };
}

/** A proxy that leads every tunnel and request to one place. */
async function startProxy(target: string) {
  const [host = '', port = ''] = target.split(':');
  const hosts: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket, head) => {
    hosts.push(request.url!.split(':')[0]!);
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    hosts,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
