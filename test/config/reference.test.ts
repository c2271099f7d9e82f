import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONFIG_KEYS } from '../../src/config/keys.ts';
import { configReference } from '../../src/config.ts';

it('docs/configuration.md is what the schema says; `npm run -s docs` writes it', () => {
  expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configReference());
});

it('names every key and its variable', () => {
  const page = configReference();
  for (const { path, variable } of CONFIG_KEYS) {
    expect(page).toContain(`| \`${path}\` |`);
    expect(page).toContain(`| \`${variable}\` |`);
  }
});
