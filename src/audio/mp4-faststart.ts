import { invalidArgument } from '../domain/service-error.ts';

interface Box {
  readonly type: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** Boxes that lead from the index down to the tables of chunk positions (ISO 14496-12, 6.2.3). */
const PATH_TO_CHUNK_OFFSETS = new Set(['trak', 'mdia', 'minf', 'stbl']);
const MAX_TOP_LEVEL_BOXES = 100_000;

/**
 * An MP4 file in an order that can be read from a pipe. Recorders write the index ("moov") last, and then
 * only a seekable file can be played; here the index moves to the front, its positions corrected, so that
 * no audio has to be put on a disk in the clear. Returns pieces of `file` (and the new index) in order.
 */
export function readableFromPipe(file: Uint8Array, field: string): Uint8Array[] {
  const boxes = boxesIn(file, 0, file.length, field);
  const index = boxes.find((box) => box.type === 'moov');
  if (!index) {
    throw invalidArgument(
      field,
      'the M4A/MP4 file has no index ("moov" box): the recording or the upload was cut off; send the whole file',
    );
  }
  const audio = boxes.find((box) => box.type === 'mdat');
  if (!audio || index.start < audio.start) return [file];

  const moved = file.slice(index.start, index.end);
  const moveBy = moved.length;
  shiftChunkOffsets(moved, { from: audio.start, to: index.start, by: moveBy }, field);
  return [
    file.subarray(0, audio.start),
    moved,
    file.subarray(audio.start, index.start),
    file.subarray(index.end),
  ];
}

function shiftChunkOffsets(
  moov: Uint8Array,
  shift: { readonly from: number; readonly to: number; readonly by: number },
  field: string,
): void {
  const view = new DataView(moov.buffer, moov.byteOffset, moov.byteLength);
  const moves = (offset: number) => offset >= shift.from && offset < shift.to;
  const visit = (start: number, end: number) => {
    for (const box of boxesIn(moov, start, end, field)) {
      if (PATH_TO_CHUNK_OFFSETS.has(box.type)) visit(box.bodyStart, box.end);
      if (box.type !== 'stco' && box.type !== 'co64') continue;
      const width = box.type === 'stco' ? 4 : 8;
      // version and flags, number of entries, entries
      if (box.end - box.bodyStart < 8) throw damaged(field);
      const count = view.getUint32(box.bodyStart + 4);
      const first = box.bodyStart + 8;
      if (count > (box.end - first) / width) throw damaged(field);
      for (let at = first; at < first + count * width; at += width) {
        if (width === 4) {
          const offset = view.getUint32(at);
          if (moves(offset)) view.setUint32(at, offset + shift.by);
        } else {
          const offset = Number(view.getBigUint64(at));
          if (moves(offset)) view.setBigUint64(at, BigInt(offset + shift.by));
        }
      }
    }
  };
  const [box] = boxesIn(moov, 0, moov.length, field);
  visit(box!.bodyStart, box!.end);
}

function boxesIn(bytes: Uint8Array, start: number, end: number, field: string): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  let at = start;
  while (end - at >= 8) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    let bodyStart = at + 8;
    let size = view.getUint32(at);
    if (size === 1) {
      if (end - at < 16) throw damaged(field);
      size = Number(view.getBigUint64(at + 8));
      bodyStart += 8;
    } else if (size === 0) {
      size = end - at;
    }
    if (size < bodyStart - at || size > end - at || boxes.length >= MAX_TOP_LEVEL_BOXES) throw damaged(field);
    boxes.push({ type, start: at, bodyStart, end: at + size });
    at += size;
  }
  return boxes;
}

function damaged(field: string): Error {
  return invalidArgument(
    field,
    'the M4A/MP4 file is damaged or was cut off; send the whole file, or send WAV',
  );
}
