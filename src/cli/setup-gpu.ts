import { resolve } from 'node:path';
import { Command } from 'commander';
import { missingCudaLibraries, providerFolder } from '../main.ts';
import { installGpuLibraries, ONNXRUNTIME_VERSION } from '../models/index.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { writeLine } from './output.ts';

interface Options {
  readonly from: string;
  readonly into: string;
  readonly nugetUrl?: string;
  readonly pypiUrl?: string;
}

/** `sotto setup-gpu`, also `npm run setup:gpu`: see docs/gpu.md. */
export function setupGpuCommand(context: CliContext): Command {
  return new Command('setup-gpu')
    .description(`The CUDA provider of onnxruntime ${ONNXRUNTIME_VERSION}: fetched, checked, put beside it.`)
    .option('--from <source>', 'nuget, pypi, or a wheel, NuGet package or folder', 'nuget')
    .option('--into <folder>', 'where onnxruntime-node loads it from', providerFolder())
    .option('--nuget-url <url>', 'a mirror of https://api.nuget.org')
    .option('--pypi-url <url>', 'a mirror of https://pypi.org')
    .action(async (options: Options) => {
      if (process.platform !== 'linux' || process.arch !== 'x64') {
        throw new UsageError('setup-gpu: there is a CUDA provider for Linux on x86-64 only');
      }
      const isName = options.from === 'nuget' || options.from === 'pypi';
      const installed = await installGpuLibraries({
        from: isName ? options.from : resolve(options.from),
        folder: resolve(options.into),
        nugetUrl: options.nugetUrl,
        pypiUrl: options.pypiUrl,
        signal: context.signal,
      });
      for (const { file, bytes, sha256 } of installed) {
        await writeLine(context.stdout, `${file}  ${(bytes / 1e6).toFixed(1)} MB  sha256 ${sha256}`);
      }
      const missing = await missingCudaLibraries(resolve(options.into));
      for (const { file, remedy } of missing)
        await writeLine(context.stdout, `still missing: ${file}: ${remedy}`);
      await writeLine(
        context.stdout,
        missing.length === 0
          ? 'all there; set engine.executionProviders to cuda,cpu'
          : 'then set engine.executionProviders to cuda,cpu; `sotto doctor` looks again',
      );
    });
}
