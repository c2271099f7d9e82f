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
import { reloading, reloadObserver } from './reloading.ts';

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
    return reloading(new WatchedFile(path, load, reloadObserver(telemetry, file)), resources);
  };
  return {
    policies: watch('policy', config.policy.file, loadPolicy) ?? { current: DEFAULT_POLICY },
    access: watch('access', config.access.file, loadAccessFile),
    tokens: watch('tokens', config.access.tokensFile, loadAccessTokens),
  };
}
