import type { Locale } from '../i18n/types';
import { now as present } from '../session/clock';

/** China has one zone without summer time, so a moment there is eight hours on. No formatter of the browser's: making one costs a cheap phone more than drawing a list. */
const ahead = 8 * 3_600_000;

const monthNames = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** A moment whose UTC fields read as clocks and calendars in China do. */
function inChina(at: string | number | Date): Date {
  return new Date(new Date(at).getTime() + ahead);
}

const two = (n: number) => String(n).padStart(2, '0');
const clockTime = (c: Date) => `${two(c.getUTCHours())}:${two(c.getUTCMinutes())}`;

/** English names the month, since 11/12 is two days to two readers. */
function day(c: Date, locale: Locale, withYear: boolean): string {
  if (locale === 'en') return `${c.getUTCDate()} ${monthNames[c.getUTCMonth()]?.slice(0, 3)}${withYear ? ` ${c.getUTCFullYear()}` : ''}`;
  return `${withYear ? `${c.getUTCFullYear()}/` : ''}${two(c.getUTCMonth() + 1)}/${two(c.getUTCDate())}`;
}

function dayAndTime(c: Date, locale: Locale, withYear: boolean): string {
  return `${day(c, locale, withYear)}${locale === 'en' ? ', ' : ' '}${clockTime(c)}`;
}

/** A moment as date and minute in China, whatever the zone of the device. */
export function dateTime(at: string | number | Date, locale: Locale): string {
  return dayAndTime(inChina(at), locale, true);
}

/** A moment for tables: without the year where it is this one. */
export function moment(at: string | number | Date, locale: Locale, now: number = present()): string {
  const c = inChina(at);
  return dayAndTime(c, locale, c.getUTCFullYear() !== inChina(now).getUTCFullYear());
}

/** The time alone where the day has a name of its own, as seen from now: yesterday, today, tomorrow. */
export function nearby(at: string | number | Date, now: number = present()): { day: 'yesterday' | 'today' | 'tomorrow'; time: string } | undefined {
  const c = inChina(at);
  const days = Math.floor(c.getTime() / 86_400_000) - Math.floor(inChina(now).getTime() / 86_400_000);
  const name = days === 0 ? 'today' : days === 1 ? 'tomorrow' : days === -1 ? 'yesterday' : undefined;
  return name && { day: name, time: clockTime(c) };
}

/** A day. A plain date (2026-11-22) is that day everywhere. */
export function date(at: string | number | Date, locale: Locale): string {
  const plain = typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at);
  return day(inChina(plain ? `${at}T12:00:00+08:00` : at), locale, true);
}

/** A month given as 2026-11. */
export function month(at: string, locale: Locale): string {
  const c = inChina(`${at}-15T12:00:00+08:00`);
  return locale === 'en' ? `${monthNames[c.getUTCMonth()]} ${c.getUTCFullYear()}` : `${c.getUTCFullYear()}年${c.getUTCMonth() + 1}月`;
}

/** Fen as yuan with two decimals, by whole numbers only. */
export function money(fen: number, locale: Locale): string {
  const sign = fen < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(fen) / 100);
  const cents = String(Math.abs(fen) % 100).padStart(2, '0');
  return `${sign}¥${new Intl.NumberFormat(locale).format(whole)}.${cents}`;
}

/** A large amount for the axis of a chart, as the language shortens it: 50万, 500K. */
export function roundMoney(fen: number, locale: Locale): string {
  return `¥${new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(fen / 100)}`;
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
