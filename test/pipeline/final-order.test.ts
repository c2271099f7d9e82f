import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FinalOrder } from '../../src/pipeline/final-order.ts';

describe('FinalOrder', () => {
  it('lets a final go at once when the other channel has been judged up to its end', () => {
    const order = new FinalOrder<string>(2);
    order.progress(0, 1000);
    order.progress(1, 1000);
    order.announce(0, 'a', 1000);
    expect(order.complete(0, 'a', 'A')).toEqual(['A']);
  });

  it('holds a final while the other channel may still end a segment before it', () => {
    const order = new FinalOrder<string>(2);
    order.announce(0, 'a', 1000);
    expect(order.complete(0, 'a', 'A')).toEqual([]);
    order.announce(1, 'b', 900);
    expect(order.progress(1, 1000)).toEqual([]);
    expect(order.complete(1, 'b', 'B')).toEqual(['B', 'A']);
  });

  it('does not wait for the decode of a segment that ended later', () => {
    const order = new FinalOrder<string>(2);
    order.announce(0, 'a', 1000);
    order.announce(1, 'b', 1100);
    expect(order.complete(0, 'a', 'A')).toEqual(['A']);
  });

  it('lets the rest go when a channel ends', () => {
    const order = new FinalOrder<string>(2);
    order.announce(0, 'a', 1000);
    order.complete(0, 'a', 'A');
    expect(order.end(1)).toEqual(['A']);
  });

  it('gives the same order whatever the timing of decodes and messages', () => {
    const ends = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ends, ends, fc.infiniteStream(fc.nat(2)), (first, second, choices) => {
        const byTime = (a: number, b: number) => a - b;
        const todo = [[...first].sort(byTime), [...second].sort(byTime)];
        const decoding: { channel: number; end: number }[] = [];
        const order = new FinalOrder<string>(2);
        const out: string[] = [];
        while (todo.some((ends) => ends.length > 0) || decoding.length > 0) {
          const choice = choices.next().value;
          if (choice === 2) {
            const done = decoding.splice(choices.next().value % Math.max(1, decoding.length), 1)[0];
            if (done)
              out.push(...order.complete(done.channel, String(done.end), `${done.end}/${done.channel}`));
          } else {
            const end = todo[choice]!.shift();
            if (end === undefined) {
              out.push(...order.end(choice));
              continue;
            }
            order.announce(choice, String(end), end);
            out.push(...order.progress(choice, end));
            decoding.push({ channel: choice, end });
          }
        }
        out.push(...order.end(0), ...order.end(1));
        const expected = [...first.map((end) => [end, 0]), ...second.map((end) => [end, 1])]
          .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)
          .map(([end, channel]) => `${end}/${channel}`);
        expect(out).toEqual(expected);
      }),
    );
  });
});
