/**
 * The CUDA provider libraries of the very onnxruntime in use, put beside it: from NuGet, where Microsoft publishes those
 * for Node; from the Python wheel of the same version, which has the same libraries; or from a file or folder.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import AdmZip from 'adm-zip';
import { z } from 'zod';
import { ServiceError } from '../domain/service-error.ts';
import { DEFAULT_TRANSFER, discardPart, download, type TransferOptions } from './download.ts';

const LIBRARIES = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];
const NUGET_PACKAGE = 'microsoft.ml.onnxruntime.gpu.linux';
const PYPI_PACKAGE = 'onnxruntime-gpu';

export interface GpuLibrariesOptions {
  /** `nuget`, `pypi`, or the path of a wheel, a NuGet package or a folder. */
  readonly from: string;
  /** Where onnxruntime-node loads its providers from. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Mirrors. */
  readonly nugetUrl?: string;
  readonly pypiUrl?: string;
  readonly onProgress?: (bytes: number, of: number | undefined) => void;
  readonly transfer?: TransferOptions;
}

export interface InstalledLibrary {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Of onnxruntime-node; its providers must be of the same one. */
export const ONNXRUNTIME_VERSION: string = createRequire(import.meta.url)(
  'onnxruntime-node/package.json',
).version;

/** Nothing is changed unless all libraries are there and the version and the hash are right. */
export async function installGpuLibraries(options: GpuLibrariesOptions): Promise<InstalledLibrary[]> {
  const libraries = await librariesFrom(options);
  const missing = LIBRARIES.filter((file) => !libraries.has(file));
  if (missing.length > 0) {
    throw new ServiceError('not-found', `${options.from}: has no ${missing.join(' and no ')}`);
  }
  await mkdir(options.folder, { recursive: true });
  const installed: InstalledLibrary[] = [];
  for (const [file, content] of libraries) {
    const temporary = join(options.folder, `.${file}.new`);
    await writeFile(temporary, content);
    await rename(temporary, join(options.folder, file));
    installed.push({ file, bytes: content.length, sha256: digest('sha256', 'hex', content) });
  }
  return installed;
}

async function librariesFrom(options: GpuLibrariesOptions): Promise<Map<string, Buffer>> {
  const { from } = options;
  if (from === 'nuget')
    return unpacked(await fetched(await nugetPackage(options), options), 'the NuGet package');
  if (from === 'pypi') return unpacked(await fetched(await pypiWheel(options), options), 'the wheel');
  const found = await stat(from).catch(() => undefined);
  if (found === undefined) throw new ServiceError('not-found', `${from}: no such file or folder`);
  return found.isDirectory() ? ofFolder(from) : unpacked(await readFile(from), from);
}

interface Source {
  readonly url: string;
  readonly algorithm: 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  readonly hash: string;
}

const registrationLeaf = z.object({ catalogEntry: z.url(), packageContent: z.url() });
const catalogEntry = z.object({ packageHash: z.string(), packageHashAlgorithm: z.literal('SHA512') });

/** https://learn.microsoft.com/nuget/api/registration-base-url-resource and catalog-resource */
async function nugetPackage({
  nugetUrl = 'https://api.nuget.org',
  signal,
}: GpuLibrariesOptions): Promise<Source> {
  const leaf = registrationLeaf.parse(
    await json(`${nugetUrl}/v3/registration5-semver1/${NUGET_PACKAGE}/${ONNXRUNTIME_VERSION}.json`, signal),
  );
  const { packageHash } = catalogEntry.parse(await json(leaf.catalogEntry, signal));
  return { url: leaf.packageContent, algorithm: 'sha512', encoding: 'base64', hash: packageHash };
}

const simplePage = z.object({
  files: z.array(
    z.object({ filename: z.string(), url: z.string(), hashes: z.object({ sha256: z.string().optional() }) }),
  ),
});

/** https://packaging.python.org/specifications/simple-repository-api (PEP 691) */
async function pypiWheel({ pypiUrl = 'https://pypi.org', signal }: GpuLibrariesOptions): Promise<Source> {
  const page = `${pypiUrl}/simple/${PYPI_PACKAGE}/`;
  const { files } = simplePage.parse(await json(page, signal, 'application/vnd.pypi.simple.v1+json'));
  const prefix = `${PYPI_PACKAGE.replace('-', '_')}-${ONNXRUNTIME_VERSION}-`;
  const wheel = files.find(
    ({ filename }) => filename.startsWith(prefix) && /manylinux\S*x86_64\.whl$/.test(filename),
  );
  if (wheel?.hashes.sha256 === undefined) {
    throw new ServiceError(
      'not-found',
      `${page}: has no wheel of ${ONNXRUNTIME_VERSION} for Linux on x86-64`,
    );
  }
  return {
    url: new URL(wheel.url, page).href,
    algorithm: 'sha256',
    encoding: 'hex',
    hash: wheel.hashes.sha256,
  };
}

async function json(url: string, signal: AbortSignal, accept = 'application/json'): Promise<unknown> {
  const response = await fetch(url, { signal, headers: { accept } }).catch((cause: unknown) => {
    throw new ServiceError('unavailable', `${url}: cannot be reached; use --from with a file or folder`, {
      cause,
    });
  });
  if (!response.ok) throw new ServiceError('unavailable', `${url}: answers ${response.status}`);
  return response.json();
}

/** Downloads to a part beside the libraries, which a later try goes on with, and checks its hash. */
async function fetched(source: Source, options: GpuLibrariesOptions): Promise<Buffer> {
  await mkdir(options.folder, { recursive: true });
  const part = join(options.folder, '.providers.part');
  await download(
    {
      url: source.url,
      part,
      bytes: undefined,
      hashKnown: true,
      signal: options.signal,
      onProgress: (bytes) => options.onProgress?.(bytes, undefined),
    },
    options.transfer ?? DEFAULT_TRANSFER,
  );
  const content = await readFile(part);
  await discardPart(part);
  if (digest(source.algorithm, source.encoding, content) !== source.hash) {
    throw new ServiceError(
      'failed-precondition',
      `${source.url}: is not what its index says (${source.algorithm}); try again`,
    );
  }
  return content;
}

/** Of a wheel or NuGet package, both of them zip archives that tell their version. */
function unpacked(archive: Buffer, name: string): Map<string, Buffer> {
  let zip: AdmZip;
  try {
    zip = new AdmZip(archive);
  } catch (cause) {
    throw new ServiceError('invalid-argument', `${name}: is no wheel and no NuGet package`, { cause });
  }
  const entries = zip.getEntries();
  const about = entries.find(({ entryName }) => /\.nuspec$|\.dist-info\/METADATA$/.test(entryName));
  const version = /^Version: (\S+)$|<version>([^<]+)<\/version>/m.exec(
    about?.getData().toString('utf8') ?? '',
  );
  const found = version?.[1] ?? version?.[2];
  if (found !== ONNXRUNTIME_VERSION) {
    throw new ServiceError(
      'failed-precondition',
      `${name}: is of version ${found ?? 'unknown'}, onnxruntime-node of ${ONNXRUNTIME_VERSION}; take that one`,
    );
  }
  return new Map(
    entries
      .filter(({ entryName }) => LIBRARIES.includes(basename(entryName)))
      .map((entry) => [basename(entry.entryName), entry.getData()]),
  );
}

/** A folder does not tell its version: whoever gives it answers for that. */
async function ofFolder(folder: string): Promise<Map<string, Buffer>> {
  const files = (await readdir(folder)).filter((file) => LIBRARIES.includes(file));
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, Buffer]> => [file, await readFile(join(folder, file))]),
    ),
  );
}

function digest(algorithm: Source['algorithm'], encoding: Source['encoding'], content: Buffer): string {
  return createHash(algorithm).update(content).digest(encoding);
}
