/** The way back from a mask to its original: for a reason, in the audit log, and for two persons if so configured. */
import { randomUUID } from 'node:crypto';
import { ServiceError } from '../domain/service-error.ts';
import type { AuditLog } from './audit-log.ts';
import type { CallStore, VaultMapping } from './call-store.ts';
import type { Database } from './database.ts';
import { bindingOf, sealJson, unsealJson } from './keys/seal.ts';
import type { TenantKeys } from './keys/tenant-keys.ts';
import { type Actor, refuseRestricted, unknownCall } from './subject-rights.ts';
import type { CallRow } from './tables.ts';

/** A second person has so long to agree. */
const REQUEST_MS = 24 * 3_600_000;

export type RevealResult =
  | { readonly type: 'revealed'; readonly mappings: readonly VaultMapping[] }
  /** Another officer is to send the same request with this id. */
  | { readonly type: 'pending'; readonly requestId: string; readonly expiresAt: Date };

export interface RevealRequest {
  readonly callId: string;
  /** What stands in the transcript: `[PERSON_1]`. Left out: all of the call. */
  readonly replacements: readonly string[];
  readonly reason: string;
  /** Of the first person's request, sent by the second. */
  readonly requestId?: string;
}

export class Reveal {
  readonly #database: Database;
  readonly #calls: CallStore;
  readonly #audit: AuditLog;
  readonly #keys: TenantKeys;
  readonly #now: () => Date;
  readonly #twoPersons: boolean;

  constructor(
    database: Database,
    calls: CallStore,
    audit: AuditLog,
    keys: TenantKeys,
    options: { readonly now: () => Date; readonly twoPersons: boolean },
  ) {
    this.#database = database;
    this.#calls = calls;
    this.#audit = audit;
    this.#keys = keys;
    this.#now = options.now;
    this.#twoPersons = options.twoPersons;
  }

  /** Throws ServiceError: `not-found`; `failed-precondition` while restricted; `permission-denied` to approve one's own. */
  async reveal(actor: Actor, request: RevealRequest): Promise<RevealResult> {
    const call = await this.#calls.get(actor.tenant, request.callId);
    if (call === undefined) throw unknownCall();
    refuseRestricted(call);
    if (this.#twoPersons && request.requestId === undefined) return this.#ask(actor, call, request);
    const replacements = this.#twoPersons ? await this.#agree(actor, call, request) : request.replacements;
    await this.#audit.transaction((transaction) =>
      transaction.audit(actor.tenant, {
        action: 'reveal',
        callId: call.id,
        purpose: call.purpose,
        detail: { actor: actor.name, reason: request.reason },
      }),
    );
    const mappings = await this.#calls.mappingsOf(call);
    return {
      type: 'revealed',
      mappings: mappings.filter(
        ({ replacement }) => replacements.length === 0 || replacements.includes(replacement),
      ),
    };
  }

  async #ask(actor: Actor, call: CallRow, { replacements, reason }: RevealRequest): Promise<RevealResult> {
    const id = randomUUID();
    const content: Asked = { actor: actor.name, replacements };
    const sealed = sealJson(await this.#keys.derive(actor.tenant, 'audit'), content, bindingFor(call, id));
    const requested_at = this.#now();
    await this.#audit.transaction(async (transaction) => {
      await transaction.query
        .insertInto('reveal_request')
        .values({ id, tenant: actor.tenant, call_id: call.id, requested_at, sealed })
        .execute();
      await transaction.audit(actor.tenant, {
        action: 'reveal-request',
        callId: call.id,
        purpose: call.purpose,
        detail: { actor: actor.name, reason },
      });
    });
    return { type: 'pending', requestId: id, expiresAt: new Date(requested_at.getTime() + REQUEST_MS) };
  }

  /** The first person decided what; the second only that. A request serves once. */
  async #agree(actor: Actor, call: CallRow, { requestId }: RevealRequest): Promise<readonly string[]> {
    const row = await this.#database.query
      .selectFrom('reveal_request')
      .selectAll()
      .where('id', '=', requestId!)
      .where('tenant', '=', actor.tenant)
      .where('call_id', '=', call.id)
      .where('requested_at', '>', new Date(this.#now().getTime() - REQUEST_MS))
      .executeTakeFirst();
    if (row === undefined) {
      throw new ServiceError('not-found', 'request_id: no such open request; ask anew without it', {
        detail: { field: 'request_id' },
      });
    }
    const key = await this.#keys.derive(actor.tenant, 'audit');
    const asked = unsealJson<Asked>(key, row.sealed, bindingFor(call, row.id));
    if (asked.actor === actor.name) {
      throw new ServiceError(
        'permission-denied',
        'request_id: a second person must agree; this request is your own',
        { detail: { field: 'request_id' } },
      );
    }
    const { numDeletedRows } = await this.#database.query
      .deleteFrom('reveal_request')
      .where('id', '=', row.id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new ServiceError('not-found', 'request_id: was used already; ask anew');
    return asked.replacements;
  }
}

interface Asked {
  readonly actor: string;
  readonly replacements: readonly string[];
}

function bindingFor(call: CallRow, requestId: string): string {
  return bindingOf('reveal request', call.tenant, call.id, requestId);
}
