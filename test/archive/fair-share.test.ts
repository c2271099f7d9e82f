import { describe, expect, it } from 'vitest';
import { dailyWindow, isOpen } from '../../src/archive/execution/daily-window.ts';
import { shareRoom } from '../../src/archive/execution/fair-share.ts';

const job = (jobId: string, tenant: string, more: { queued?: number; priority?: number } = {}) => ({
  jobId,
  tenant,
  priority: 0,
  queued: 0,
  ...more,
});

describe('room in the queue', () => {
  it('goes to tenants alike, however many jobs they have', () => {
    const shares = shareRoom([job('a1', 'a'), job('a2', 'a'), job('a3', 'a'), job('b1', 'b')], 12);
    expect(Object.fromEntries(shares)).toEqual({ a1: 2, a2: 2, a3: 2, b1: 6 });
  });

  it('goes to the jobs of the highest priority within a tenant only', () => {
    const shares = shareRoom(
      [job('low', 'a'), job('high', 'a', { priority: 9 }), job('b', 'b', { priority: -9 })],
      4,
    );
    expect(Object.fromEntries(shares)).toEqual({ high: 2, b: 2 });
  });

  it('counts what a tenant has in the queue already', () => {
    const shares = shareRoom([job('slow', 'a', { queued: 5 }), job('b', 'b')], 7);
    expect(Object.fromEntries(shares)).toEqual({ slow: 1, b: 6 });
  });

  it('may be none', () => {
    expect(shareRoom([job('a', 'a')], -3).size).toBe(0);
    expect(shareRoom([], 5).size).toBe(0);
  });
});

describe('a daily window', () => {
  const night = dailyWindow('20:00', '06:00', 'Europe/Amsterdam', 'window');

  it.each([
    ['2024-01-15T18:59:59Z', false],
    ['2024-01-15T19:00:00Z', true],
    ['2024-01-15T23:30:00Z', true],
    ['2024-01-16T04:59:00Z', true],
    ['2024-01-16T05:00:00Z', false],
    // Summer time: an hour earlier.
    ['2024-07-15T18:00:00Z', true],
    ['2024-07-15T17:59:00Z', false],
  ])('that passes midnight, at %s: %s', (time, expected) => {
    expect(isOpen(night, new Date(time))).toBe(expected);
  });

  it.each([
    [['8:00', '10:00', ''], 'window.start'],
    [['08:00', '24:00', ''], 'window.end'],
    [['08:00', '08:00', ''], 'window.end'],
    [['08:00', '10:00', 'Europe/Nowhere'], 'window.time_zone'],
  ])('is refused if it cannot be read: %s', ([start, end, zone], field) => {
    expect(() => dailyWindow(start!, end!, zone!, 'window')).toThrow(
      expect.objectContaining({ detail: { field } }),
    );
  });
});
