/** Policy, access and tokens: read anew when their files change, and on SIGHUP; a wrong one changes nothing. */
import type { Config } from '../config.ts';
import {
  type AccessFile,
  type AccessTokens,
  DEFAULT_POLICY,
  loadAccessFile,
  loadAccessTokens,
  loadPolicy,
  type PolicySource,
  WatchedFile,
} from '../policy/index.ts';
import type { Telemetry } from '../telemetry/index.ts';

export interface PolicyFiles {
  readonly policies: PolicySource;
  readonly access: WatchedFile<AccessFile> | undefined;
  readonly tokens: WatchedFile<AccessTokens> | undefined;
}

export function watchPolicyFiles(
  config: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
): PolicyFiles {
  const watch = <T>(
    file: 'policy' | 'access' | 'tokens',
    path: string | undefined,
    load: (path: string) => T,
  ) => {
    if (path === undefined) return undefined;
    const observer = {
      applied: () => telemetry.fileReloaded(file, undefined),
      rejected: (_path: string, error: unknown) => telemetry.fileReloaded(file, error),
    };
    const watched = resources.use(new WatchedFile(path, load, observer));
    const reload = () => watched.reload();
    process.on('SIGHUP', reload);
    resources.defer(() => void process.off('SIGHUP', reload));
    return watched;
  };
  return {
    policies: watch('policy', config.policy.file, loadPolicy) ?? { current: DEFAULT_POLICY },
    access: watch('access', config.access.file, loadAccessFile),
    tokens: watch('tokens', config.access.tokensFile, loadAccessTokens),
  };
}
