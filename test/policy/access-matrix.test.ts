/**
 * Role x method x tenant, over a real server: the methods and who may call them are read from the compiled
 * protos, so a method that is added is in the matrix by itself, and one that says nothing of roles fails here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client,
  credentials,
  type ServiceError as GrpcError,
  Metadata,
  Server,
  ServerCredentials,
  status,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/index.ts';
import { RedactRequest } from '../../src/gen/sotto/v1/redaction.ts';
import { StreamTranscribeRequest, TranscribeRequest } from '../../src/gen/sotto/v1/transcription.ts';
import {
  ACCESS_ROLES,
  type AccessRole,
  createAccessToken,
  loadAccessTokens,
  parsePolicy,
} from '../../src/policy/index.ts';
import { accessInterceptor, RateLimiter, readAccessTable } from '../../src/rpc/access/index.ts';
import { createAuthenticator } from '../../src/rpc/index.ts';
import { configMessage, DECLARATION, startTestServer, type TestServer } from '../rpc/test-server.ts';

const TENANTS = ['acme', 'globex'] as const;
const table = readAccessTable();
const folder = mkdtempSync(join(tmpdir(), 'sotto-matrix-'));
const tokensFile = join(folder, 'tokens.jsonl');

/**
 * Requests that succeed, by method. A method without one is sent an empty request: its handler must be reached, and
 * may then say what is missing.
 */
const REQUESTS: Readonly<Record<string, Uint8Array>> = {
  '/sotto.v1.TranscriptionService/StreamTranscribe': StreamTranscribeRequest.encode(configMessage()).finish(),
  '/sotto.v1.TranscriptionService/Transcribe': TranscribeRequest.encode({
    content: Buffer.from(encodeWav('s16', 16_000, [new Float32Array(1600)])),
    audio: undefined,
    channels: [],
    recognition: undefined,
    declaration: DECLARATION,
  }).finish(),
  '/sotto.v1.RedactionService/Redact': RedactRequest.encode({
    turns: [{ role: 0, text: 'x' }],
    languageCode: 'nl',
    redaction: undefined,
    declaration: DECLARATION,
  }).finish(),
};
/** What a handler may say of an empty request. */
const REACHED = [
  status.OK,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
];

let server: TestServer;
let client: Client;
const tokens = new Map<string, string>();

beforeAll(async () => {
  const expires = new Date(Date.now() + 60_000);
  for (const tenant of TENANTS) {
    for (const role of ACCESS_ROLES) {
      const name = `${tenant}-${role}`;
      tokens.set(name, createAccessToken(tokensFile, { tenant, roles: [role], name }, expires));
    }
  }
  const authenticator = createAuthenticator({
    access: undefined,
    tokens: { current: loadAccessTokens(tokensFile) },
  });
  const lawfulBases = ['contract'];
  // Of all roles: here only the method decides.
  const roles = [...ACCESS_ROLES];
  const policy = parsePolicy(
    {
      version: 1,
      purposes: {
        'live-assistance': { lawfulBases, roles },
        'acme-only': { lawfulBases, roles, tenants: ['acme'] },
        'readers-only': { lawfulBases, roles: ['reader'] },
      },
    },
    'test',
  );
  server = await startTestServer({ policies: { current: policy }, server: { authenticator } });
  client = new Client(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Every method is served to a client that streams one message and half-closes; only handlers differ. */
function call(
  path: string,
  request: Uint8Array,
  token: string | undefined,
): Promise<{ code: status; details: string }> {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  const bytes = (value: Uint8Array) => Buffer.from(value);
  const stream = client.makeBidiStreamRequest(path, bytes, bytes, metadata, {
    deadline: Date.now() + 20_000,
  });
  const ended = new Promise<{ code: status; details: string }>((resolve) => {
    stream.on('data', () => {});
    stream.on('error', ({ code, details }: GrpcError) => resolve({ code, details }));
    stream.on('end', () => resolve({ code: status.OK, details: '' }));
  });
  stream.write(request);
  stream.end();
  return ended;
}

const EMPTY = new Uint8Array();
const cells = [...table].flatMap(([path, allowed]) =>
  TENANTS.flatMap((tenant) => ACCESS_ROLES.map((role) => ({ path, allowed, tenant, role }))),
);

describe('role x method x tenant', () => {
  it.each([...table])('%s says who may call it', (_path, allowed) => {
    expect(allowed.length).toBeGreaterThan(0);
    expect(allowed.length).toBeLessThanOrEqual(ACCESS_ROLES.length);
  });

  it.each(cells.filter(({ allowed, role }) => !allowed.includes(role)))(
    'refuses $path to a $role of $tenant',
    async ({ path, tenant, role }) => {
      // The same answer whatever is asked, so that it tells nothing of what exists.
      const answers = [EMPTY, REQUESTS[path] ?? EMPTY].map((request) =>
        call(path, request, tokens.get(`${tenant}-${role}`)),
      );
      const [empty, full] = await Promise.all(answers);
      expect(empty).toMatchObject({ code: status.PERMISSION_DENIED });
      expect(full).toEqual(empty);
    },
  );

  it.each(cells.filter(({ allowed, role }) => allowed.includes(role)))(
    'serves $path to a $role of $tenant',
    async ({ path, tenant, role }) => {
      const token = tokens.get(`${tenant}-${role}`);
      const request = REQUESTS[path];
      const { code } = await call(path, request ?? EMPTY, token);
      if (request) expect(status[code]).toBe('OK');
      else expect(REACHED.map((each) => status[each])).toContain(status[code]);
    },
  );

  it.each([...table.keys()])('refuses %s to whoever shows nothing, or a token of nobody', async (path) => {
    const [, known] = tokens.values();
    const forged = `${known!.slice(0, -1)}${known!.endsWith('A') ? 'B' : 'A'}`;
    for (const token of [undefined, 'sotto_0000000000000000_', forged, 'x.y.z', `${known}x`]) {
      expect(await call(path, REQUESTS[path] ?? EMPTY, token)).toMatchObject({
        code: status.UNAUTHENTICATED,
      });
    }
  });
});

describe('standard services', () => {
  const HEALTH = '/grpc.health.v1.Health/Check';
  const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

  it('say that they serve to anybody: probes have no credentials', async () => {
    expect(await call(HEALTH, EMPTY, undefined)).toMatchObject({ code: status.OK });
  });

  it('tell the API to whoever has a role, and to nobody else', async () => {
    expect(await call(REFLECTION, EMPTY, undefined)).toMatchObject({ code: status.UNAUTHENTICATED });
    for (const token of tokens.values()) {
      const { code } = await call(REFLECTION, EMPTY, token);
      expect([status.OK, status.UNIMPLEMENTED]).toContain(code);
    }
  });
});

describe('purposes', () => {
  const redact = (purpose: string, name: string) =>
    call(
      '/sotto.v1.RedactionService/Redact',
      RedactRequest.encode({
        turns: [{ role: 0, text: 'x' }],
        languageCode: 'nl',
        redaction: undefined,
        declaration: { ...DECLARATION, purpose },
      }).finish(),
      tokens.get(name),
    );

  it('of another tenant look like those that do not exist', async () => {
    expect(await redact('acme-only', 'acme-backend')).toMatchObject({ code: status.OK });
    const other = await redact('acme-only', 'globex-backend');
    expect(other).toEqual(await redact('no-such-purpose', 'globex-backend'));
    expect(other).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.not.stringContaining('acme'),
    });
  });

  it('are bound to roles', async () => {
    expect(await redact('readers-only', 'acme-backend')).toMatchObject({ code: status.PERMISSION_DENIED });
  });
});

describe('a method that says nothing of roles', () => {
  it.each([new Map(), new Map([['/test.Service/Method', []]])])('is refused to everybody', async (empty) => {
    const refused: string[] = [];
    const bare = new Server({
      interceptors: [
        accessInterceptor({
          table: empty as ReadonlyMap<string, AccessRole[]>,
          authenticator: { authenticate: async () => ({ tenant: 'acme', roles: ACCESS_ROLES, name: 'all' }) },
          rateLimiter: new RateLimiter(100),
          onRefused: (method) => refused.push(method),
        }),
      ],
    });
    const bytes = (value: Buffer) => value;
    bare.addService(
      {
        method: {
          path: '/test.Service/Method',
          requestStream: false,
          responseStream: false,
          requestSerialize: bytes,
          requestDeserialize: bytes,
          responseSerialize: bytes,
          responseDeserialize: bytes,
        },
      },
      { method: (_call: unknown, done: (error: null, value: Buffer) => void) => done(null, Buffer.alloc(0)) },
    );
    const port = await new Promise<number>((resolve) =>
      bare.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => resolve(bound)),
    );
    const lone = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const error = await new Promise<GrpcError | null>((resolve) =>
      lone.makeUnaryRequest('/test.Service/Method', bytes, bytes, Buffer.alloc(0), (e) => resolve(e)),
    );
    expect(error?.code).toBe(status.PERMISSION_DENIED);
    expect(refused).toEqual(['Method']);
    lone.close();
    bare.forceShutdown();
  });
});
