import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CONFIG_KEYS } from '../../src/config/keys.ts';
import { defaultConfig, loadConfig, PACKAGE_ROOT } from '../../src/config.ts';
import { ServiceError } from '../../src/domain/service-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(yaml: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'sotto.yaml');
  writeFileSync(file, yaml);
  return loadConfig({ file, environment });
}

function refusal(run: () => unknown): ServiceError {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('configuration', () => {
  it('needs no file: defaults are complete, and models are those of the package', () => {
    const config = loadConfig({ environment: {} });
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 50_051, maxMessageBytes: 1_048_576 });
    expect(config.models.asrDir).toBe(join(PACKAGE_ROOT, 'models/embedded/asr'));
    expect(config.vad.endpointSilenceMs).toBe(500);
    expect(config.redaction.defaultOperator).toBe('pseudonym');
    expect(config.server.tls).toBeUndefined();
    expect(defaultConfig()).toEqual(config);
  });

  it('reads the file, then lets the environment win', () => {
    const config = load('server: {port: 7000, maxCalls: 3}\nrecognition: {languages: [nl]}\n', {
      SOTTO_SERVER_PORT: '7001',
      SOTTO_RECOGNITION_LANGUAGES: 'nl, fr',
      SOTTO_REDACTION_OPERATORS: 'PERSON=mask,HEALTH=surrogate',
      SOTTO_SENTIMENT_ENABLED: 'false',
      SOTTO_LOG_LEVEL: '',
    });
    expect(config.server).toMatchObject({ port: 7001, maxCalls: 3 });
    expect(config.recognition.languages).toEqual(['nl', 'fr']);
    expect(config.redaction.operators).toEqual({ PERSON: 'mask', HEALTH: 'surrogate' });
    expect(config.sentiment.enabled).toBe(false);
    expect(config.log.level).toBe('info');
  });

  it('takes SOTTO_CONFIG for the file, and FFMPEG_BIN for ffmpeg', () => {
    const file = join(folder, 'named.yaml');
    writeFileSync(file, 'server: {port: 7002}');
    const config = loadConfig({ environment: { SOTTO_CONFIG: file, FFMPEG_BIN: '/opt/ffmpeg' } });
    expect(config.server.port).toBe(7002);
    expect(config.audio.ffmpegBin).toBe('/opt/ffmpeg');
  });

  it('takes relative paths from the file, from the working directory, or from the package', () => {
    const config = load('models: {nerDir: ner}', { SOTTO_MODELS_SENTIMENT_DIR: 'mood-free' });
    expect(config.models.nerDir).toBe(join(folder, 'ner'));
    expect(config.models.sentimentDir).toBe(resolve('mood-free'));
    expect(config.models.asrDir).toBe(join(PACKAGE_ROOT, 'models/embedded/asr'));
  });

  it.each([
    ['server: {prot: 1}', 'server.prot is not a known key; did you mean "port"?'],
    ['server: {max_calls: 1}', 'server.max_calls is not a known key; did you mean "maxCalls"?'],
    ['sever: {port: 1}', 'sever is not a known key; did you mean "server"?'],
    ['port: 1', 'port is not a known key; did you mean "server.port"?'],
    ['server: {zzz: 1}', 'known here: host, port, tls'],
    ['server: {port: 70000}', 'server.port is 70000, expected whole number, 0 to 65535'],
    [
      'server: {idleTimeoutMs: "1s"}',
      'server.idleTimeoutMs is "1s", expected whole number, 100 to 3600000 (ms)',
    ],
    [
      'recognition: {languages: [nl, xx]}',
      'recognition.languages is "xx", expected list, each one of nl, en, de, fr, it',
    ],
    ['recognition: {languages: []}', 'recognition.languages is []'],
    [
      'redaction: {operators: {PERSON: hide}}',
      'redaction.operators is "hide", expected map from entity type to one of mask',
    ],
    [
      'redaction: {operators: {PERSONS: mask}}',
      'redaction.operators.PERSONS is not a known key; did you mean "PERSON"?',
    ],
    [
      'redaction: {defaultOperator: keep}',
      'redaction.defaultOperator is "keep", expected one of mask, pseudonym, surrogate',
    ],
    ['server: 5', 'server must be a section with keys: host, port'],
    ['server: {tls: {certFile: a.pem}}', 'server.tls.keyFile is required here: path'],
    ['vad: {endThreshold: 0.6}', 'vad.endThreshold must not be above vad.startThreshold'],
    ['server: {host: 0.0.0.0}', 'needs server.tls with certFile and keyFile'],
    [
      'archive: {s3: {endpoint: "http://minio.example"}}',
      'archive.s3.endpoint http://minio.example would send',
    ],
    ['server: {host: 10.1.2.3, tls: {certFile: a, keyFile: b}}', 'needs server.tls'],
    ['- a', 'must hold sections'],
    ['server: {port: 1', 'line 1 is not YAML'],
    ['a: &a [x]\nb: *a', 'YAML aliases'],
  ])('refuses %j, saying why', (yaml, message) => {
    const error = refusal(() => load(yaml));
    expect(error.kind).toBe('invalid-argument');
    expect(error.message).toContain(message);
    expect(error.message).toContain(join(folder, 'sotto.yaml'));
    expect(error.message).not.toContain('\n');
  });

  it('names every fault at once', () => {
    const { message } = refusal(() => load('server: {port: -1, maxCalls: 0}'));
    expect(message).toContain('server.port');
    expect(message).toContain('server.maxCalls');
  });

  it.each([
    [{ SOTTO_SERVER_PROT: '1' }, 'SOTTO_SERVER_PROT is not known: did you mean SOTTO_SERVER_PORT?'],
    [{ SOTTO_SERVER_PORT: 'x' }, 'SOTTO_SERVER_PORT: server.port is "x", expected whole number'],
    [{ SOTTO_REDACTION_OPERATORS: 'PERSON' }, 'SOTTO_REDACTION_OPERATORS: redaction.operators is "PERSON"'],
    [
      { SOTTO_SENTIMENT_ENABLED: 'yes' },
      'SOTTO_SENTIMENT_ENABLED: sentiment.enabled is "yes", expected true or false',
    ],
  ])('refuses the variable %j, saying why', (environment, message) => {
    expect(refusal(() => loadConfig({ environment: { ...environment } })).message).toContain(message);
  });

  it('passes over the variables that Kubernetes sets for a service named sotto or sotto-server', () => {
    const environment = {
      SOTTO_PORT: 'tcp://10.0.0.1:50051',
      SOTTO_SERVICE_HOST: '10.0.0.1',
      SOTTO_SERVICE_PORT_GRPC: '50051',
      SOTTO_PORT_50051_TCP_ADDR: '10.0.0.1',
      SOTTO_SERVER_PORT: 'tcp://10.0.0.1:50051',
    };
    expect(loadConfig({ environment })).toEqual(defaultConfig());
  });

  it('says which file is missing', () => {
    const error = refusal(() => loadConfig({ file: join(folder, 'none.yaml'), environment: {} }));
    expect(error.kind).toBe('not-found');
    expect(error.message).toContain('none.yaml does not exist');
  });

  it('describes every key', () => {
    for (const key of CONFIG_KEYS) {
      expect(key.description, key.path).not.toBe('');
      expect(key.values, key.path).not.toContain('undefined');
      if (/Ms$|Seconds$|Bytes$/.test(key.path)) expect(key.unit, key.path).toBeDefined();
    }
  });
});
