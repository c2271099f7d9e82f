import type { PeerCertificate } from 'node:tls';
import { ServiceError } from '../../domain/service-error.ts';
import type { AccessFile, Principal } from '../../policy/index.ts';

/**
 * Whom a certificate stands for; TLS has verified it. Without an access file whoever the authority signed for is a
 * backend of the tenant `default`, which is the least that a client can be.
 */
export function principalOfCertificate(
  certificate: PeerCertificate,
  access: AccessFile | undefined,
): Principal {
  // A subject may have several common names; such a one is nobody's.
  const commonName = typeof certificate.subject?.CN === 'string' ? certificate.subject.CN : undefined;
  if (access === undefined)
    return { tenant: 'default', roles: ['backend'], name: commonName ?? 'certificate' };
  const alternatives = alternativeNames(certificate.subjectaltname);
  const known = access.certificates.find(
    (entry) =>
      (entry.commonName !== undefined && entry.commonName === commonName) ||
      (entry.alternativeName !== undefined && alternatives.includes(entry.alternativeName)),
  );
  if (known === undefined) {
    throw new ServiceError(
      'unauthenticated',
      'the client certificate is valid but not known; add it to `certificates` of the access file',
    );
  }
  const { tenant, roles, name = known.commonName ?? known.alternativeName! } = known;
  return { tenant, roles, name };
}

/**
 * `DNS:a, URI:"x, DNS:b"`: values with special characters are JSON strings, so that none can pose as another entry
 * (CVE-2021-44532).
 */
function alternativeNames(text: string | undefined): string[] {
  const entries = (text ?? '').matchAll(/(?:^|, )([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...entries].map(([, type, value]) => {
    return `${type}:${value!.startsWith('"') ? (JSON.parse(value!) as string) : value}`;
  });
}
