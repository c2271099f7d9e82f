/** Synthetic packages from a local server; the real wheel is 247 MB (docs/gpu.md says how it was tried). */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AdmZip from 'adm-zip';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingCudaLibraries, parseUnresolved } from '../../src/inference/cuda-libraries.ts';
import { DEFAULT_TRANSFER, installGpuLibraries, ONNXRUNTIME_VERSION } from '../../src/models/index.ts';

const CUDA = 'libonnxruntime_providers_cuda.so';
const SHARED = 'libonnxruntime_providers_shared.so';
const WHEEL = `onnxruntime_gpu-${ONNXRUNTIME_VERSION}-cp312-cp312-manylinux_2_28_x86_64.whl`;
let scratch: string;
let folder: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sotto-gpu-'));
  folder = join(scratch, 'providers');
});
afterEach(() => rmSync(scratch, { recursive: true }));

function archive(entries: Record<string, string>): Buffer {
  const zip = new AdmZip();
  for (const [name, content] of Object.entries(entries)) zip.addFile(name, Buffer.from(content));
  return zip.toBuffer();
}

const wheel = (version = ONNXRUNTIME_VERSION) =>
  archive({
    'onnxruntime/capi/libonnxruntime.so': 'not wanted',
    [`onnxruntime/capi/${CUDA}`]: 'cuda',
    [`onnxruntime/capi/${SHARED}`]: 'shared',
    [`onnxruntime_gpu-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: onnxruntime-gpu\nVersion: ${version}\n`,
  });

const nupkg = archive({
  [`runtimes/linux-x64/native/${CUDA}`]: 'cuda',
  [`runtimes/linux-x64/native/${SHARED}`]: 'shared',
  'Microsoft.ML.OnnxRuntime.Gpu.Linux.nuspec': `<package><metadata><version>${ONNXRUNTIME_VERSION}</version></metadata></package>`,
});

const install = (from: string, mirrors: { nugetUrl?: string; pypiUrl?: string } = {}) =>
  installGpuLibraries({
    from,
    folder,
    ...mirrors,
    signal: new AbortController().signal,
    transfer: { ...DEFAULT_TRANSFER, attempts: 1 },
  });

function expectInstalled(): void {
  expect(readdirSync(folder).sort()).toEqual([CUDA, SHARED]);
  expect(readFileSync(join(folder, CUDA), 'utf8')).toBe('cuda');
}

describe('provider libraries', () => {
  it('come from a wheel, with their size and hash', async () => {
    writeFileSync(join(scratch, WHEEL), wheel());
    const sha256 = createHash('sha256').update('cuda').digest('hex');
    expect(await install(join(scratch, WHEEL))).toContainEqual({ file: CUDA, bytes: 4, sha256 });
    expectInstalled();
  });

  it('come from a NuGet package', async () => {
    writeFileSync(join(scratch, 'gpu.nupkg'), nupkg);
    await install(join(scratch, 'gpu.nupkg'));
    expectInstalled();
  });

  it('come from a folder', async () => {
    const source = join(scratch, 'source');
    mkdirSync(source);
    for (const [file, content] of [
      [CUDA, 'cuda'],
      [SHARED, 'shared'],
      ['other.so', ''],
    ] as const) {
      writeFileSync(join(source, file), content);
    }
    await install(source);
    expectInstalled();
  });

  it('are refused from another version, which is named', async () => {
    writeFileSync(join(scratch, 'old.whl'), wheel('1.29.0'));
    await expect(install(join(scratch, 'old.whl'))).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: expect.stringContaining(`of version 1.29.0, onnxruntime-node of ${ONNXRUNTIME_VERSION}`),
    });
    expect(() => readdirSync(folder)).toThrow();
  });

  it.each([
    ['nowhere.whl', undefined, 'not-found'],
    ['text.whl', 'no zip', 'invalid-argument'],
    [
      'empty.whl',
      archive({ [`x-${ONNXRUNTIME_VERSION}.dist-info/METADATA`]: `Version: ${ONNXRUNTIME_VERSION}` }),
      'not-found',
    ],
  ] as const)('are refused from %s', async (name, content, kind) => {
    if (content !== undefined) writeFileSync(join(scratch, name), content);
    await expect(install(join(scratch, name))).rejects.toMatchObject({ kind });
  });
});

describe('an index', () => {
  let server: Server;
  let url: string;
  let answers: Record<string, string | Buffer>;

  beforeEach(async () => {
    server = createServer((request, response) => {
      const answer = answers[request.url!];
      if (answer === undefined) response.writeHead(404).end();
      else response.end(answer);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => server.close());

  const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
  const page = (hash: string) =>
    JSON.stringify({
      files: [
        { filename: WHEEL.replace(ONNXRUNTIME_VERSION, '1.29.0'), url: '/old.whl', hashes: { sha256: '00' } },
        {
          filename: WHEEL.replace('manylinux_2_28_x86_64', 'win_amd64'),
          url: '/windows.whl',
          hashes: { sha256: '00' },
        },
        { filename: WHEEL, url: `/${WHEEL}`, hashes: { sha256: hash } },
      ],
    });

  it('of Python packages gives the wheel of this version for this system', async () => {
    const content = wheel();
    answers = { '/simple/onnxruntime-gpu/': page(sha256(content)), [`/${WHEEL}`]: content };
    await install('pypi', { pypiUrl: url });
    expectInstalled();
  });

  it('of NuGet gives the package, with the hash of its catalogue', async () => {
    const id = 'microsoft.ml.onnxruntime.gpu.linux';
    answers = {
      [`/v3/registration5-semver1/${id}/${ONNXRUNTIME_VERSION}.json`]: JSON.stringify({
        catalogEntry: `${url}/catalog`,
        packageContent: `${url}/package`,
      }),
      '/catalog': JSON.stringify({
        packageHash: createHash('sha512').update(nupkg).digest('base64'),
        packageHashAlgorithm: 'SHA512',
      }),
      '/package': nupkg,
    };
    await install('nuget', { nugetUrl: url });
    expectInstalled();
  });

  it('whose hash is not that of what comes leaves nothing behind', async () => {
    answers = { '/simple/onnxruntime-gpu/': page('ab'.repeat(32)), [`/${WHEEL}`]: wheel() };
    await expect(install('pypi', { pypiUrl: url })).rejects.toMatchObject({ kind: 'failed-precondition' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is away is named, with the other way', async () => {
    await expect(install('nuget', { nugetUrl: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('use --from with a file or folder'),
    });
  });
});

describe('what CUDA needs', () => {
  it('names the provider when it was never set up', async () => {
    const missing = await missingCudaLibraries(folder);
    expect(missing.map(({ file }) => file)).toEqual([SHARED, CUDA]);
    expect(missing[0]!.remedy).toContain('setup:gpu');
  });

  it('is read from what the linker cannot find', () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007f04e3e77000)',
      '\tlibcublasLt.so.13 => not found',
      '\tlibcuda.so.1 => not found',
      '\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f04e3e5d000)',
    ].join('\n');
    expect(parseUnresolved(output)).toEqual(['libcublasLt.so.13', 'libcuda.so.1']);
  });
});
