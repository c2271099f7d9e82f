import type { ReloadObserver } from '../policy/index.ts';
import type { Telemetry } from '../telemetry/index.ts';

/** Reloads on SIGHUP too, until `resources` are disposed of. */
export function reloading<T extends Disposable & { reload(): void }>(
  file: T,
  resources: AsyncDisposableStack,
): T {
  const reload = () => file.reload();
  process.on('SIGHUP', reload);
  resources.defer(() => void process.off('SIGHUP', reload));
  return resources.use(file);
}

export function reloadObserver(
  telemetry: Telemetry,
  file: Parameters<Telemetry['fileReloaded']>[0],
): ReloadObserver {
  return {
    applied: () => telemetry.fileReloaded(file, undefined),
    rejected: (_path, error) => telemetry.fileReloaded(file, error),
  };
}
