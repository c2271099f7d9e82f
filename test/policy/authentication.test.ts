import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { type ChannelCredentials, credentials, Metadata, status } from '@grpc/grpc-js';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedactionServiceClient, RedactRequest } from '../../src/gen/sotto/v1/redaction.ts';
import {
  type AccessFile,
  createAccessToken,
  loadAccessFile,
  loadAccessTokens,
  principalOfToken,
} from '../../src/policy/index.ts';
import { RateLimiter } from '../../src/rpc/access/index.ts';
import { createAuthenticator } from '../../src/rpc/index.ts';
import { Telemetry } from '../../src/telemetry/index.ts';
import { hasOpenssl, makeCertificates } from '../rpc/certificates.ts';
import { DECLARATION, startTestServer } from '../rpc/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-authentication-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bearer = (token: string) => {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return { metadata, certificate: undefined };
};

describe('bearer tokens', () => {
  const principal = { tenant: 'acme', roles: ['backend'], name: 'dialler' } as const;

  it('are known by a hash; the file never holds one', () => {
    const file = join(folder, 'tokens.jsonl');
    const token = createAccessToken(file, principal, new Date(2000));
    const other = createAccessToken(file, { ...principal, name: 'other' }, new Date(2000));
    const tokens = loadAccessTokens(file);
    expect(principalOfToken(token, tokens, 1999)).toEqual(principal);
    expect(principalOfToken(other, tokens, 1999)?.name).toBe('other');
    expect(principalOfToken(token, tokens, 2000)).toBeUndefined();
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(token.slice('sotto_'.length + 17));
    expect(text).toContain(createHash('sha256').update(token).digest('hex'));
    // The id of one with the secret of another.
    expect(principalOfToken(`${token.slice(0, 23)}${other.slice(23)}`, tokens, 0)).toBeUndefined();
  });

  it('with a line that is none are refused, naming the line and not what stands there', () => {
    const file = join(folder, 'damaged.jsonl');
    writeFileSync(file, '\n{"id":"planted-secret"}\n');
    expect(() => loadAccessTokens(file)).toThrowError(/line 2: is not a token/);
    expect(() => loadAccessTokens(file)).not.toThrowError(/planted/);
  });
});

describe('JSON Web Tokens', () => {
  const ISSUER = 'https://id.example/realms/care';
  let ours: CryptoKey;
  let publicPem: string;
  let theirs: CryptoKey;
  let access: AccessFile;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    ours = pair.privateKey;
    publicPem = await exportSPKI(pair.publicKey);
    theirs = (await generateKeyPair('ES256')).privateKey;
    writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [await exportJWK(pair.publicKey)] }));
    const file = join(folder, 'access.yaml');
    writeFileSync(
      file,
      `version: 1
issuers:
  - issuer: ${ISSUER}
    audience: sotto
    jwksFile: jwks.json
    tenantClaim: tenant
    rolesClaim: realm_access.roles
    roles: { sotto-dialler: backend, sotto-dpo: privacy-officer }
`,
    );
    access = loadAccessFile(file);
  });

  const claims = { tenant: 'acme', realm_access: { roles: ['sotto-dialler', 'offline_access'] } };
  const signed = (change: (jwt: SignJWT) => SignJWT = (jwt) => jwt, payload: object = claims, key = ours) =>
    change(
      new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(ISSUER)
        .setAudience('sotto')
        .setSubject('client-7')
        .setExpirationTime('5m'),
    ).sign(key);
  const authenticate = (token: string) =>
    createAuthenticator({ access: { current: access }, tokens: undefined }).authenticate(bearer(token));

  it('name tenant and roles by their claims', async () => {
    expect(await authenticate(await signed())).toEqual({
      tenant: 'acme',
      roles: ['backend'],
      name: 'client-7',
    });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['of another key', () => signed(undefined, claims, theirs)],
    ['of another issuer', () => signed((jwt) => jwt.setIssuer('https://id.example'))],
    ['for another audience', () => signed((jwt) => jwt.setAudience('billing'))],
    ['that have expired', () => signed((jwt) => jwt.setExpirationTime('-5m'))],
    ['that are not yet valid', () => signed((jwt) => jwt.setNotBefore('5m'))],
    ['without tenant', () => signed(undefined, { realm_access: claims.realm_access })],
    [
      'that never expire',
      async () => {
        const jwt = new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256' })
          .setIssuer(ISSUER)
          .setAudience('sotto');
        return jwt.sign(ours);
      },
    ],
    ['that nobody signed', () => new UnsecuredJWT(claims).setIssuer(ISSUER).setAudience('sotto').encode()],
    [
      'signed with the public key as a secret',
      () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const exp = Math.floor(Date.now() / 1000) + 300;
        const body = `${part({ alg: 'HS256' })}.${part({ ...claims, iss: ISSUER, aud: 'sotto', exp })}`;
        return `${body}.${createHmac('sha256', publicPem).update(body).digest('base64url')}`;
      },
    ],
    [
      'with a changed claim',
      async () => {
        const [header, , signature] = (await signed()).split('.');
        const payload = { ...claims, tenant: 'globex', iss: ISSUER, aud: 'sotto', exp: 9_999_999_999 };
        return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.');
      },
    ],
    ['that are none', () => 'a.b.c'],
  ])('%s are refused', async (_, make) => {
    await expect(authenticate(await make())).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it.skipIf(!hasOpenssl())(
    'are checked with keys that the issuer publishes by https, and newer ones',
    async () => {
      makeCertificates(folder);
      const read = (name: string) => readFileSync(join(folder, name));
      let jwks = read('jwks.json').toString();
      let asked = 0;
      const issuerServer = createServer(
        { key: read('server.key'), cert: read('server.crt') },
        (_, response) => {
          asked++;
          response.setHeader('content-type', 'application/json').end(jwks);
        },
      ).listen(0, 'localhost');
      await once(issuerServer, 'listening');
      const before = getCACertificates('default');
      setDefaultCACertificates([...before, read('ca.crt').toString()]);
      try {
        const { port } = issuerServer.address() as AddressInfo;
        const jwksUrl = `https://localhost:${port}/jwks`;
        const [issuer] = access.issuers;
        const remote = { ...access, issuers: [{ ...issuer!, jwksFile: undefined, jwksUrl }] };
        const authenticator = createAuthenticator({ access: { current: remote }, tokens: undefined });
        expect(await authenticator.authenticate(bearer(await signed()))).toMatchObject({ tenant: 'acme' });
        await authenticator.authenticate(bearer(await signed()));
        expect(asked).toBe(1);
        await expect(
          authenticator.authenticate(bearer(await signed(undefined, claims, theirs))),
        ).rejects.toMatchObject({ kind: 'unauthenticated' });
        jwks = '{"keys":';
        const another = createAuthenticator({ access: { current: { ...remote } }, tokens: undefined });
        await expect(another.authenticate(bearer(await signed()))).rejects.toMatchObject({
          kind: expect.stringMatching(/^(?:unavailable|unauthenticated)$/),
        });
      } finally {
        setDefaultCACertificates(before);
        issuerServer.close();
      }
    },
  );

  it('with roles of nobody may do nothing', async () => {
    const token = await signed(undefined, {
      tenant: 'acme',
      realm_access: { roles: ['backend', 'toString'] },
    });
    expect(await authenticate(token)).toMatchObject({ roles: [] });
  });

  it.each([
    ['algorithms: [HS256]', /issuers\.0\.algorithms/],
    ['jwksUrl: http://id.example/jwks', /must be an https URL/],
  ])('are not set up with %s', (line, message) => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, `version: 1\nissuers:\n  - { issuer: a, audience: b, tenant: c }\n`);
    expect(() => loadAccessFile(file)).toThrowError(/either jwksUrl or jwksFile/);
    writeFileSync(file, `version: 1\nissuers:\n  - issuer: a\n    audience: b\n    tenant: c\n    ${line}\n`);
    expect(() => loadAccessFile(file)).toThrowError(message);
  });
});

describe.skipIf(!hasOpenssl())(
  'client certificates (skipped without the openssl program, which makes them)',
  () => {
    beforeAll(() => makeCertificates(folder));
    const read = (name: string) => readFileSync(join(folder, name));
    const known = () => credentials.createSsl(read('ca.crt'), read('client.key'), read('client.crt'));
    const anonymous = () => credentials.createSsl(read('ca.crt'));

    const accessOf = (entry: object): AccessFile => ({
      version: 1,
      issuers: [],
      certificates: [{ tenant: 'acme', roles: ['backend'], ...entry } as AccessFile['certificates'][number]],
    });
    const redactWith = async (
      access: AccessFile | undefined,
      channel: ChannelCredentials,
      options: { certificateOptional?: boolean; token?: string } = {},
    ) => {
      const tokensFile = join(folder, 'mtls-tokens.jsonl');
      const token = createAccessToken(
        tokensFile,
        { tenant: 'acme', roles: ['backend'], name: 'x' },
        new Date(Date.now() + 60_000),
      );
      await using server = await startTestServer({
        server: {
          tls: {
            cert: read('server.crt'),
            key: read('server.key'),
            clientCa: read('ca.crt'),
            certificateOptional: options.certificateOptional,
          },
          authenticator: createAuthenticator({
            access: access && { current: access },
            tokens: { current: loadAccessTokens(tokensFile) },
          }),
        },
      });
      const client = new RedactionServiceClient(`localhost:${server.server.port}`, channel);
      const metadata = options.token === undefined ? new Metadata() : bearer(token).metadata;
      const request = {
        turns: [{ role: 0, text: 'x' }],
        languageCode: '',
        redaction: undefined,
        declaration: { ...DECLARATION, purpose: 'redaction' },
      };
      const code = await new Promise<status>((resolve) => {
        client.redact(request as never, metadata, (error) => resolve(error?.code ?? status.OK));
      });
      client.close();
      return status[code];
    };

    it.each<[string, AccessFile | undefined, string]>([
      ['by common name', accessOf({ commonName: 'client' }), 'OK'],
      ['by alternative name', accessOf({ alternativeName: 'DNS:localhost' }), 'OK'],
      ['without access file, as backend', undefined, 'OK'],
      ['of another name', accessOf({ commonName: 'other' }), 'UNAUTHENTICATED'],
      ['of a part of the name', accessOf({ alternativeName: 'DNS:local' }), 'UNAUTHENTICATED'],
      [
        'of a role that may not',
        accessOf({ commonName: 'client', roles: ['operator'] }),
        'PERMISSION_DENIED',
      ],
    ])('%s: %#', async (_, access, expected) => {
      expect(await redactWith(access, known())).toBe(expected);
    });

    it('may be left out only where a token is shown instead', async () => {
      const access = accessOf({ commonName: 'client' });
      expect(await redactWith(access, anonymous())).toBe('UNAVAILABLE');
      const optional = { certificateOptional: true };
      expect(await redactWith(access, anonymous(), optional)).toBe('UNAUTHENTICATED');
      expect(await redactWith(access, anonymous(), { ...optional, token: 'yes' })).toBe('OK');
    });

    it('come over TLS 1.3, nothing older', async () => {
      await using server = await startTestServer({
        server: { tls: { cert: read('server.crt'), key: read('server.key') } },
      });
      const protocolOf = (version: 'TLSv1.2' | 'TLSv1.3') =>
        new Promise<string | null>((resolve) => {
          const socket = connect({
            port: server.server.port,
            host: 'localhost',
            ca: read('ca.crt'),
            ALPNProtocols: ['h2'],
            minVersion: version,
            maxVersion: version,
          });
          socket.once('secureConnect', () => resolve(socket.getProtocol()));
          socket.once('error', () => resolve(null));
          socket.once('secureConnect', () => socket.destroy());
        });
      expect(await protocolOf('TLSv1.3')).toBe('TLSv1.3');
      expect(await protocolOf('TLSv1.2')).toBeNull();
    });
  },
);

describe('secrets', () => {
  it('of clients never reach log, metrics or the answer, whatever is wrong with them', async () => {
    const lines: string[] = [];
    const telemetry = new Telemetry(pino({ level: 'trace' }, { write: (line) => void lines.push(line) }));
    await using server = await startTestServer({
      telemetry,
      server: { authenticator: createAuthenticator({ access: undefined, tokens: { current: new Map() } }) },
    });
    const secret = 'plantedSecretplantedSecretplantedSecret1234';
    for (const token of [
      `sotto_0123456789abcdef_${secret}`,
      `${secret}.${secret}.${secret}`,
      `${secret} ${secret}`,
    ]) {
      const error = await new Promise<Error | null>((resolve) =>
        server.redaction.redact(RedactRequest.fromPartial({}), bearer(token).metadata, (e) => resolve(e)),
      );
      expect(error).toMatchObject({ code: status.UNAUTHENTICATED });
      expect(error!.message).not.toContain(secret);
    }
    expect(lines.length).toBe(3);
    expect(lines.join('')).not.toContain(secret);
    expect(await telemetry.metrics.page()).not.toContain(secret);
  });
});

describe('tracing of the gRPC library', () => {
  it('shows nothing of what clients send, even switched on', async () => {
    const file = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
    const script = `
      import { Metadata } from '@grpc/grpc-js';
      import { startTestServer } from ${file('test/rpc/test-server.ts')};
      import { RedactRequest } from ${file('src/gen/sotto/v1/redaction.ts')};
      await using server = await startTestServer();
      const metadata = new Metadata();
      metadata.set('authorization', 'Bearer plantedSecret');
      await new Promise((resolve) =>
        server.redaction.redact(RedactRequest.fromPartial({ languageCode: 'plantedWord' }), metadata, resolve));
      console.log('asked');
    `;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script],
      { env: { PATH: process.env.PATH, GRPC_TRACE: 'all', GRPC_VERBOSITY: 'DEBUG' } },
    );
    expect(stdout).toContain('asked');
    expect(stdout + stderr).not.toContain('planted');
  });
});

describe('rate limits', () => {
  it('are of one principal, refill with time, and say when to come again', () => {
    let now = 0;
    const limiter = new RateLimiter(60, () => now);
    const dialler = { tenant: 'acme', name: 'dialler' };
    const take = (times: number, who = dialler) => {
      for (let i = 0; i < times; i++) limiter.take(who);
    };
    take(60);
    expect(() => take(1)).toThrowError(
      expect.objectContaining({ kind: 'resource-exhausted', detail: { retryAfterMs: 1000 } }),
    );
    take(60, { tenant: 'globex', name: 'dialler' });
    now = 1000;
    take(1);
    expect(() => take(1)).toThrow();
    now = 3_600_000;
    take(60);
    expect(() => take(1)).toThrow();
  });

  it('answer RESOURCE_EXHAUSTED over a real server', async () => {
    await using server = await startTestServer({ server: { requestsPerMinute: 2 } });
    const codes: status[] = [];
    for (let i = 0; i < 3; i++) {
      codes.push(
        await new Promise<status>((resolve) => {
          server.redaction.redact(RedactRequest.fromPartial({}), (error) =>
            resolve(error?.code ?? status.OK),
          );
        }),
      );
    }
    expect(codes).toEqual([status.INVALID_ARGUMENT, status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]);
  });
});
