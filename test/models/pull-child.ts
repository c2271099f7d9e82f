/** Pulls in a process of its own, which a test kills: `node pull-child.ts URL FOLDER MODEL_JSON`. */
import type { RepositoryModel } from '../../src/models/catalog.ts';
import { DEFAULT_TRANSFER } from '../../src/models/download.ts';
import { pullModel } from '../../src/models/pull.ts';

const [url = '', into = '', model = ''] = process.argv.slice(2);
await pullModel(JSON.parse(model) as RepositoryModel, {
  into,
  device: 'cpu',
  origin: { type: 'mirror', url },
  transfer: DEFAULT_TRANSFER,
  signal: new AbortController().signal,
  observer: {
    fileStarted: () => {},
    fileProgress: (path, bytes) => process.stdout.write(`${path} ${bytes}\n`),
    fileDone: () => {},
  },
});
