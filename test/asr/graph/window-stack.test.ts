import { expect, test } from 'vitest';
import { WindowPool, type WindowRows } from '../../../src/asr/graph/window-stack.ts';

const sizes = new Map([
  ['key', 2],
  ['value', 3],
]);

/** Rows that hold their names. */
function fill(rows: WindowRows, ...names: number[]): WindowRows {
  for (const name of names) for (const data of rows.add().values()) data.fill(name);
  return rows;
}

function read(rows: WindowRows): number[][] {
  return [...rows.tensors().values()].map((data) => [...data]);
}

/** What the tensors of these rows look like. */
function expected(...names: number[]): number[][] {
  return [...sizes.values()].map((size) => names.flatMap((name) => Array.from({ length: size }, () => name)));
}

test('rows are contiguous as they come and go', () => {
  const rows = fill(new WindowPool(sizes).open(), 1, 2, 3);
  expect(read(rows)).toEqual(expected(1, 2, 3));
  rows.removeAt(0);
  expect(read(rows)).toEqual(expected(3, 2));
  rows.removeAt(1);
  expect(read(fill(rows, 4, 5))).toEqual(expected(3, 4, 5));
});

test('a batch that was started beside joins, also when rows left in between', () => {
  const rows = fill(new WindowPool(sizes).open(), 1, 2);
  const joining = fill(rows.beside(), 3, 4);
  expect(read(rows)).toEqual(expected(1, 2));
  rows.removeAt(0);
  rows.absorb(joining);
  expect(read(rows)).toEqual(expected(2, 3, 4));
  rows.absorb(fill(rows.beside(), 5));
  expect(read(rows)).toEqual(expected(2, 3, 4, 5));
});

test('a batch with memory of its own joins', () => {
  const pool = new WindowPool(sizes);
  const rows = fill(pool.open(), 1);
  rows.absorb(fill(pool.open(), 2, 3));
  expect(read(rows)).toEqual(expected(1, 2, 3));
});

test('rows cannot grow into those of a batch beside', () => {
  const rows = fill(new WindowPool(sizes).open(), 1);
  fill(rows.beside(), 2);
  expect(() => rows.add()).toThrow('behind these');
});

test('memory that was released serves the next batch, but not while a batch beside still uses it', () => {
  const pool = new WindowPool(sizes);
  const memoryOf = (rows: WindowRows) => fill(rows, 0).tensors().get('key')!.buffer;
  const first = pool.open();
  const memory = memoryOf(first);
  const beside = first.beside();
  first.release();
  const other = pool.open();
  expect(memoryOf(other)).not.toBe(memory);
  beside.release();
  beside.release();
  expect(memoryOf(pool.open())).toBe(memory);
});
