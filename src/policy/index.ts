export { type AccessFile, type KnownCertificate, type KnownIssuer, loadAccessFile } from './access-file.ts';
export {
  type AccessTokens,
  createAccessToken,
  loadAccessTokens,
  looksLikeAccessToken,
  principalOfToken,
} from './access-tokens.ts';
export { checkCallId } from './call-id.ts';
export { canonicalJson, canonicalSha256 } from './canonical-hash.ts';
export {
  checkDeclaration,
  checkNotice,
  checkOperator,
  type Declaration,
  mayReadFor,
  noticeMissing,
  operatorRefused,
  operatorsFor,
  purposeFor,
} from './declaration.ts';
export {
  DEFAULT_POLICY,
  loadPolicy,
  type Policy,
  type PolicySource,
  type Purpose,
  parsePolicy,
} from './policy.ts';
export { ACCESS_ROLES, type AccessRole, LOOPBACK_PRINCIPAL, type Principal } from './principal.ts';
export type { LawfulBasis, SpecialCategoryRule } from './purpose.ts';
export { Sampler } from './sampler.ts';
export { type ReloadObserver, WatchedFile } from './watched-file.ts';
