/**
 * What reflection tells, from `src/gen/descriptors.binpb` (`npm run proto`). The loader of grpc-js would make its own
 * descriptors, merged by package and without their dependencies, which grpcurl cannot resolve:
 * https://github.com/grpc/grpc-node/issues/2595
 */
import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { PackageDefinition } from '@grpc/proto-loader';

/** Field `file` of google.protobuf.FileDescriptorSet, length-delimited. */
const FILE_TAG = (1 << 3) | 2;

export function reflectionDefinition(descriptors: URL): PackageDefinition {
  const reader = new BinaryReader(readFileSync(descriptors));
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FILE_TAG) files.push(Buffer.from(reader.bytes()));
    else reader.skip(tag & 7);
  }
  return {
    sotto: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos: files },
  } as unknown as PackageDefinition;
}
