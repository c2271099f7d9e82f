import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedQueue } from '../../src/stream/index.ts';
import { refusalOf } from '../audio/refusal.ts';

/** Items are their own cost. */
function queueOf(bound: number): BoundedQueue<number> {
  return new BoundedQueue<number>({ bound, cost: (item) => item });
}

/** Whether a promise has settled once all that was ready has run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const unsettled = Symbol();
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise.catch(() => {}), Promise.resolve(unsettled)])) === unsettled;
}

async function read<T>(queue: BoundedQueue<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

it('gives what was pushed, in order, then ends', async () => {
  const queue = queueOf(100);
  for (const item of [1, 2, 3]) await queue.push(item);
  queue.close();
  expect(await read(queue)).toEqual([1, 2, 3]);
});

it('lets a push wait until there is room for it', async () => {
  const queue = queueOf(10);
  await queue.push(6);
  const second = queue.push(5);
  expect(await isPending(second)).toBe(true);
  expect(queue.cost).toBe(6);
  const iterator = queue[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 6 });
  await second;
  expect(queue.cost).toBe(5);
});

it('lets nothing overtake a push that waits', async () => {
  const queue = queueOf(10);
  await queue.push(6);
  const large = queue.push(8);
  const small = queue.push(1);
  expect(await isPending(small)).toBe(true);
  queue.close();
  expect(await read(queue)).toEqual([6, 8, 1]);
  await Promise.all([large, small]);
});

it('takes an item dearer than the bound when it is empty', async () => {
  const queue = queueOf(10);
  await queue.push(50);
  expect(await isPending(queue.push(1))).toBe(true);
});

it('hands an item straight to a reader that waits', async () => {
  const queue = queueOf(10);
  const next = queue[Symbol.asyncIterator]().next();
  await queue.push(3);
  expect(await next).toEqual({ done: false, value: 3 });
  expect(queue.cost).toBe(0);
});

describe('when it fails', () => {
  it('rejects the waiting reader and all pushes with that error, and drops what it holds', async () => {
    const queue = queueOf(10);
    await queue.push(10);
    const waiting = queue.push(1);
    const error = new Error('broken');
    queue.fail(error);
    await expect(waiting).rejects.toBe(error);
    await expect(queue.push(2)).rejects.toBe(error);
    await expect(read(queue)).rejects.toBe(error);
    expect(queue.cost).toBe(0);

    const idle = queueOf(10);
    const next = idle[Symbol.asyncIterator]().next();
    idle.fail(error);
    await expect(next).rejects.toBe(error);
  });

  it('keeps the first error', async () => {
    const queue = queueOf(10);
    queue.fail(new Error('first'));
    queue.fail(new Error('second'));
    await expect(read(queue)).rejects.toThrow('first');
  });
});

it('refuses pushes when its reader has left', async () => {
  const queue = queueOf(10);
  await queue.push(5);
  await queue.push(5);
  const waiting = refusalOf(() => queue.push(1));
  for await (const _ of queue) break;
  // The push that waited got the room of the item that was read.
  await expect(waiting).rejects.toThrow('was not refused');
  expect((await refusalOf(() => queue.push(1))).kind).toBe('cancelled');
});

it('forgets a push whose caller has left, and admits the next', async () => {
  const queue = queueOf(10);
  await queue.push(6);
  const controller = new AbortController();
  const left = refusalOf(() => queue.push(9, controller.signal));
  const next = queue.push(4);
  controller.abort();
  expect((await left).kind).toBe('cancelled');
  await next;
  queue.close();
  expect(await read(queue)).toEqual([6, 4]);
});

it('refuses a push after close, and a bound that is none', async () => {
  const queue = queueOf(10);
  queue.close();
  await expect(queue.push(1)).rejects.toThrow('after close');
  expect(() => queueOf(0)).toThrow(RangeError);
  expect(() => queueOf(Number.NaN)).toThrow(RangeError);
});

it('holds at most its bound and loses nothing, whatever is pushed and read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 60 }), async (items) => {
      const queue = queueOf(12);
      const writing = (async () => {
        for (const item of items) {
          await queue.push(item);
          expect(queue.cost).toBeLessThanOrEqual(12);
        }
        queue.close();
      })();
      expect(await read(queue)).toEqual(items);
      await writing;
    }),
    { numRuns: 50 },
  );
});
