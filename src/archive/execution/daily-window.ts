import { invalidArgument } from '../../domain/service-error.ts';
import type { DailyWindow } from '../../store/index.ts';

const MINUTES_OF_DAY = 24 * 60;

/** Checks "20:00", "06:00", "Europe/Amsterdam". Throws `invalid-argument` that names the field. */
export function dailyWindow(start: string, end: string, timeZone: string, field: string): DailyWindow {
  const window = {
    startMinute: minuteOf(start, `${field}.start`),
    endMinute: minuteOf(end, `${field}.end`),
    timeZone: timeZone === '' ? 'UTC' : timeZone,
  };
  if (window.startMinute === window.endMinute) {
    throw invalidArgument(`${field}.end`, 'is the same as start; leave the window out to run all day');
  }
  try {
    localMinute(window.timeZone, new Date());
  } catch {
    throw invalidArgument(`${field}.time_zone`, 'is no IANA time zone, such as Europe/Amsterdam');
  }
  return window;
}

/** Whether items may be started at `now`. The start belongs to the window, the end does not. */
export function isOpen({ startMinute, endMinute, timeZone }: DailyWindow, now: Date): boolean {
  const minute = localMinute(timeZone, now);
  return startMinute < endMinute
    ? minute >= startMinute && minute < endMinute
    : minute >= startMinute || minute < endMinute;
}

export function clockTime(minute: number): string {
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, '0');
  return `${two(minute / 60)}:${two(minute % 60)}`;
}

function minuteOf(text: string, field: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) throw invalidArgument(field, 'must be a time of the day like 20:00');
  return Number(match[1]) * 60 + Number(match[2]);
}

function localMinute(timeZone: string, now: Date): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return (number('hour') * 60 + number('minute')) % MINUTES_OF_DAY;
}
