/**
 * The shared libraries of the CUDA execution provider: which there must be, and which of them are not. onnxruntime
 * says of a missing one only that it could not load the provider.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const PROVIDER_LIBRARIES = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
] as const;
const CUDNN = 'libcudnn.so.9';

/** Where onnxruntime-node looks for its providers: beside its own library. */
export function providerFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(entry), 'bin/napi-v6', process.platform, process.arch);
}

export interface MissingLibrary {
  readonly file: string;
  readonly remedy: string;
}

/** Empty when the provider can be loaded. Linux only: there is no CUDA provider elsewhere. */
export async function missingCudaLibraries(folder: string = providerFolder()): Promise<MissingLibrary[]> {
  const absent = PROVIDER_LIBRARIES.filter((file) => !existsSync(join(folder, file)));
  if (absent.length > 0) {
    return absent.map((file) => ({ file, remedy: 'run `npm run setup:gpu`' }));
  }
  const needed = await unresolvedBy(join(folder, 'libonnxruntime_providers_cuda.so'));
  // cuDNN is opened when the provider starts, so the linker does not list it.
  const opened = canOpen(CUDNN) ? [] : [CUDNN];
  return [...needed, ...opened].map((file) => ({ file, remedy: remedyFor(file) }));
}

/** Lines of `ldd` such as `libcublas.so.13 => not found`. */
export function parseUnresolved(output: string): string[] {
  return [...output.matchAll(/^\s*(\S+) => not found$/gm)].map(([, file]) => file!);
}

async function unresolvedBy(library: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [library]);
  return parseUnresolved(stdout);
}

/** Asks the loader itself. What can be opened is no module of Node's, which is the error then. */
function canOpen(file: string): boolean {
  try {
    process.dlopen({ exports: {} }, file);
    return true;
  } catch (error) {
    return !/cannot open shared object file/.test((error as Error).message);
  }
}

function remedyFor(file: string): string {
  if (file === 'libcuda.so.1') return 'install the NVIDIA driver; in a container, run it with --gpus all';
  if (file.startsWith('libcudnn')) return 'install cuDNN 9';
  const major = /\.so\.(\d+)$/.exec(file)?.[1];
  if (file.startsWith('libcu') && major !== undefined && file !== 'libcurand.so.10') {
    return `install the runtime libraries of CUDA ${major}`;
  }
  return 'install the runtime libraries of CUDA, or add their folder to LD_LIBRARY_PATH';
}
