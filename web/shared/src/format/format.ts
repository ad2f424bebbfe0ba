import type { Locale } from '../i18n/types';

const zone = 'Asia/Shanghai';

const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** Writes in China's time. English names the month, since 11/12 is two days to two readers. */
function write(at: Date, locale: Locale, parts: Intl.DateTimeFormatOptions): string {
  const english = locale === 'en';
  return new Intl.DateTimeFormat(english ? 'en-GB' : locale, { timeZone: zone, ...(english ? { month: 'short', day: 'numeric' } : { month: '2-digit', day: '2-digit' }), ...parts }).format(at);
}

/** A moment as date and minute in China, whatever the zone of the device. */
export function dateTime(at: string | number | Date, locale: Locale): string {
  return write(new Date(at), locale, { year: 'numeric', ...minute });
}

/** A moment for tables: without the year where it is this one. */
export function moment(at: string | number | Date, locale: Locale, now: number = Date.now()): string {
  const year = (m: number | Date) => new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' }).format(m);
  return year(new Date(at)) === year(now) ? write(new Date(at), locale, minute) : dateTime(at, locale);
}

/** A day. A plain date (2026-11-22) is that day everywhere. */
export function date(at: string | number | Date, locale: Locale): string {
  const plain = typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at);
  return write(new Date(plain ? `${at}T12:00:00+08:00` : at), locale, { year: 'numeric' });
}

/** A month given as 2026-11. */
export function month(at: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, year: 'numeric', month: 'long' }).format(new Date(`${at}-15T12:00:00+08:00`));
}

/** Fen as yuan with two decimals, by whole numbers only. */
export function money(fen: number, locale: Locale): string {
  const sign = fen < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(fen) / 100);
  const cents = String(Math.abs(fen) % 100).padStart(2, '0');
  return `${sign}¥${new Intl.NumberFormat(locale).format(whole)}.${cents}`;
}

/** Hundredths of a square metre as square metres. */
export function area(centi: number, locale: Locale): string {
  return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(centi / 100)} m²`;
}

export function count(n: number, locale: Locale): string {
  return new Intl.NumberFormat(locale).format(n);
}

/** A share as a percentage with one decimal; undefined where there is nothing to divide by. */
export function share(part: number, whole: number, locale: Locale): string | undefined {
  if (whole === 0) return undefined;
  return new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(part / whole);
}

/** A limit in whole minutes, exactly: [[1, 'days'], [2, 'hours']]. Working time has no days: how long a working day is, the rules say. */
export function limit(minutes: number, clock: 'natural' | 'working'): [number, 'days' | 'hours' | 'minutes'][] {
  const days = clock === 'natural' ? Math.floor(minutes / 1440) : 0;
  const rest = minutes - days * 1440;
  const parts: [number, 'days' | 'hours' | 'minutes'][] = [[days, 'days'], [Math.floor(rest / 60), 'hours'], [rest % 60, 'minutes']];
  return parts.filter(([n]) => n > 0);
}

/** A span in its largest unit that fits and the one below it, for a sentence: [[2, 'days'], [3, 'hours']]. */
export function span(ms: number): [number, 'days' | 'hours' | 'minutes'][] {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts: [number, 'days' | 'hours' | 'minutes'][] = [[days, 'days'], [hours, 'hours'], [rest, 'minutes']];
  const first = parts.findIndex(([n]) => n > 0);
  return first < 0 ? [] : parts.slice(first, first + 2).filter(([n]) => n > 0);
}
