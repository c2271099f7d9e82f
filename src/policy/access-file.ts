/**
 * The access file: which client certificates and which issuers of JSON Web Tokens are known, and what whoever
 * shows one may do. Bearer tokens of our own stand in a file that a command writes (access-tokens.ts).
 */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ACCESS_ROLES } from './principal.ts';
import { checkedBy, readYaml } from './yaml-file.ts';

const name = z.string().min(1);
const roles = z.array(z.enum(ACCESS_ROLES)).min(1);

const certificate = z
  .strictObject({
    /** CN of the subject, or one alternative name as OpenSSL writes it: `DNS:dialler.acme.example`, `URI:spiffe://…`. */
    commonName: name.optional(),
    alternativeName: name.optional(),
    tenant: name,
    roles,
    /** In the audit log; left out, the name above. */
    name: name.optional(),
  })
  .refine((entry) => (entry.commonName === undefined) !== (entry.alternativeName === undefined), {
    message: 'needs either commonName or alternativeName',
  });

/** Asymmetric only: with HMAC whoever can check a token can make one (RFC 8725 3.1, 3.2). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const issuer = z
  .strictObject({
    /** `iss`, exactly. */
    issuer: name,
    /** `aud` must be, or hold, this. */
    audience: name,
    /** Its public keys: a JWKS by https, or a file of it. */
    jwksUrl: z.url({ protocol: /^https$/, error: 'must be an https URL' }).optional(),
    jwksFile: name.optional(),
    algorithms: z.array(z.enum(ALGORITHMS)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    /** The tenant of everybody from this issuer, or the claim that names it. */
    tenant: name.optional(),
    tenantClaim: name.optional(),
    /** Where the roles stand: `roles`, or within others: `realm_access.roles`. */
    rolesClaim: name.default('roles'),
    /** Our role by the name that the issuer has for it; left out, its names are ours. */
    roles: z.record(name, z.enum(ACCESS_ROLES)).optional(),
  })
  .refine((entry) => (entry.jwksUrl === undefined) !== (entry.jwksFile === undefined), {
    message: 'needs either jwksUrl or jwksFile',
  })
  .refine((entry) => (entry.tenant === undefined) !== (entry.tenantClaim === undefined), {
    message: 'needs either tenant or tenantClaim',
  });

const accessSchema = z.strictObject({
  version: z.literal(1, 'must be 1'),
  certificates: z.array(certificate).default([]),
  issuers: z
    .array(issuer)
    .refine((all) => new Set(all.map((each) => each.issuer)).size === all.length, 'name an issuer twice')
    .default([]),
});

export type KnownCertificate = z.output<typeof certificate>;
export type KnownIssuer = z.output<typeof issuer>;
export type AccessFile = z.output<typeof accessSchema>;

/** Throws ServiceError: `not-found`, or `invalid-argument` that names each key at fault. */
export function loadAccessFile(path: string): AccessFile {
  const { issuers, ...rest } = checkedBy(accessSchema, readYaml(path, 'access file'), path);
  const beside = (file: string | undefined) => file && resolve(dirname(path), file);
  return { ...rest, issuers: issuers.map((each) => ({ ...each, jwksFile: beside(each.jwksFile) })) };
}
