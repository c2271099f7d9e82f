/**
 * Which roles may call each method: read from the option `allowed_roles` of the protos, as compiled into
 * src/gen/descriptors.binpb. There is no other list.
 */
import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary, getOption } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { AccessRole as AccessRoleMessage } from '../../gen/sotto/v1/access.ts';
import type { AccessRole } from '../../policy/index.ts';

/** Roles by path of the method, `/sotto.v1.RedactionService/Redact`; a method that no role may call has none. */
export type AccessTable = ReadonlyMap<string, readonly AccessRole[]>;

export const DESCRIPTORS = new URL('../../gen/descriptors.binpb', import.meta.url);

const ROLE_NAMES = new Map<number, AccessRole>([
  [AccessRoleMessage.ACCESS_ROLE_BACKEND, 'backend'],
  [AccessRoleMessage.ACCESS_ROLE_ARCHIVIST, 'archivist'],
  [AccessRoleMessage.ACCESS_ROLE_READER, 'reader'],
  [AccessRoleMessage.ACCESS_ROLE_PRIVACY_OFFICER, 'privacy-officer'],
  [AccessRoleMessage.ACCESS_ROLE_OPERATOR, 'operator'],
]);

export function readAccessTable(descriptors: URL = DESCRIPTORS): AccessTable {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
  const allowedRoles = registry.getExtension('sotto.v1.allowed_roles');
  if (allowedRoles === undefined) throw new Error(`${descriptors}: has no option sotto.v1.allowed_roles`);
  const table = new Map<string, AccessRole[]>();
  for (const file of registry.files) {
    for (const service of file.services) {
      for (const method of service.methods) {
        const numbers = getOption(method, allowedRoles) as number[];
        const roles = numbers.map((number) => ROLE_NAMES.get(number)).filter((role) => role !== undefined);
        table.set(`/${service.typeName}/${method.name}`, roles);
      }
    }
  }
  return table;
}
