/** Roles as in proto/sotto/v1/access.proto, whose `allowed_roles` say which methods each may call. */
export const ACCESS_ROLES = ['backend', 'archivist', 'reader', 'privacy-officer', 'operator'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Who calls, as authenticated. */
export interface Principal {
  /** Everything that is kept or told belongs to one tenant; nothing crosses. */
  readonly tenant: string;
  /** Handlers see only those of the client's roles by which it may call their method. */
  readonly roles: readonly AccessRole[];
  /** Of the certificate, token or account, for the audit log; never of a party to a call. */
  readonly name: string;
}

/** Whoever can reach a server that only listens on its own machine, and asks for no authentication. */
export const LOOPBACK_PRINCIPAL: Principal = { tenant: 'default', roles: ACCESS_ROLES, name: 'loopback' };
