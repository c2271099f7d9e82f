/** Fails if `src/gen` is not what `npm run proto` makes of the protos. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const fresh = mkdtempSync(join(tmpdir(), 'sotto-gen-'));
try {
  execFileSync('buf', ['generate', '--output', fresh], { stdio: 'inherit' });
  const descriptors = join(fresh, 'src/gen/descriptors.binpb');
  execFileSync('npm', ['run', '-s', 'proto:descriptors', '--', descriptors], { stdio: 'inherit' });
  const expected = readTree(join(fresh, 'src/gen'));
  const actual = readTree('src/gen');
  const stale = [...new Set([...expected.keys(), ...actual.keys()])].filter(
    (path) => expected.get(path) !== actual.get(path),
  );
  if (stale.length > 0) {
    console.error(`src/gen is stale, run \`npm run proto\`: ${stale.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}

function readTree(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(root.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}
