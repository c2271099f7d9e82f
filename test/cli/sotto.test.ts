import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import { cli, scriptedRuntime } from './cli-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line', () => {
  it('lists its commands', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'serve',
      'demo',
      'doctor',
      'transcribe',
      'stream',
      'redact',
      'sentiment',
      'eval',
      'models',
    ]) {
      expect(out).toContain(`  ${name} `);
    }
  });

  it('names the command that was probably meant', async () => {
    const { code, err } = await cli(['transcrib', 'x.wav']);
    expect(code).toBe(2);
    expect(err).toContain('transcribe');
  });

  it.each([
    [['transcribe'], 'files'],
    [['transcribe', 'x.wav', '--language', 'xx'], 'nl, en, de, fr, it'],
    [['transcribe', 'x.wav', '--server', 'nowhere'], 'expected host:port'],
    [['transcribe', 'x.wav', '--operator', 'NAME=mask'], 'PERSON'],
    [['transcribe', 'x.wav', '--notice', 'no'], 'announced'],
    [['stream', 'x.wav'], '--server host:port is missing'],
    [['redact'], 'add --jsonl'],
    [['sentiment'], 'add --jsonl'],
    [['eval', 'wer'], '--manifest'],
  ])('%j is wrong usage: exit 2 and what to do', async (args, remedy) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toContain(remedy);
    expect(err).not.toContain('    at ');
  });

  it('tells a wrong configuration in one line', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'server: {prot: 1}');
    const { code, err } = await cli(['config', '--config', file]);
    expect(code).toBe(2);
    expect(err).toBe(`sotto: ${file}: server.prot is not a known key; did you mean "port"?\n`);
  });

  it('prints the configuration in force', async () => {
    const { code, out } = await cli(['config']);
    expect(code).toBe(0);
    expect(out).toContain('port: 50051');
  });

  it('says what failed in one line, and with --debug where', async () => {
    const context = {
      createRuntime: () => Promise.reject(new ServiceError('failed-precondition', 'config.json is missing')),
    };
    const plain = await cli(['redact', '--jsonl'], { context });
    expect(plain).toMatchObject({ code: 1, err: 'sotto: config.json is missing\n' });
    const debug = await cli(['redact', '--jsonl', '--debug'], { context });
    expect(debug.err).toContain('    at ');
  });

  it('serves until interrupted, then drains', async () => {
    const abort = new AbortController();
    const steps: string[] = [];
    const { code, err } = await cli(['serve'], {
      context: {
        signal: abort.signal,
        endWithin: (ms) => void steps.push(`end within ${ms}`),
        startServer: async () => {
          queueMicrotask(() => abort.abort());
          return {
            port: 4711,
            drain: async (graceMs) => void steps.push(`drain ${graceMs}`),
            [Symbol.asyncDispose]: async () => void steps.push('dispose'),
          };
        },
      },
    });
    expect(code).toBe(0);
    expect(err).toContain('sotto listens on 127.0.0.1:4711');
    expect(steps).toEqual(['end within 45000', 'drain 25000', 'dispose']);
  });

  it('says when no server answers', async () => {
    expect(await cli(['health', '--server', '127.0.0.1:1'])).toMatchObject({ code: 1, out: 'UNREACHABLE\n' });
  });

  it('lists models, also those that are missing', async () => {
    const file = join(folder, 'models.yaml');
    writeFileSync(file, 'models: {asrDir: nothing, nerDir: nothing, sentimentDir: nothing}');
    const { code, out } = await cli(['models', 'list', '--config', file]);
    expect(code).toBe(0);
    expect(out.match(/missing/g)).toHaveLength(3);
  });

  it('doctor fails where calls could not be served, and says what to do', async () => {
    const file = join(folder, 'doctor.yaml');
    writeFileSync(file, 'models: {asrDir: nothing}\nserver: {port: 0}\nmetrics: {port: 0}');
    const { code, out } = await cli(['doctor', '--config', file], {
      context: { createRuntime: () => Promise.reject(new ServiceError('failed-precondition', 'no model')) },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/fail +model asr +.*nothing is missing or empty; set models\.asrDir/);
    expect(out).toMatch(/fail +models load +no model/);
    expect(out).toMatch(/ok +gRPC port +any free one/);
  });

  it('doctor --json names languages that the model lacks', async () => {
    const { out } = await cli(['doctor', '--json'], {
      context: { createRuntime: async () => scriptedRuntime() },
    });
    const findings = JSON.parse(out) as { what: string; state: string; detail: string }[];
    expect(findings.find(({ what }) => what === 'languages')).toEqual({
      state: 'warn',
      what: 'languages',
      detail: 'nl, en; not de, fr, it: another model is needed',
    });
  });
});
