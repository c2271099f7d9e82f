import type { Store } from '../store/index.ts';

/** What an archive keeps of the controller's id of a call: its keyed hash in the blind index, in hexadecimal. */
export async function callTokenOf(
  { calls }: Pick<Store, 'calls'>,
  tenant: string,
  callId: string,
): Promise<string> {
  const { token } = await calls.tokenOf(tenant, { kind: 'call-id', value: callId }, 'call_id');
  return Buffer.from(token).toString('hex');
}
