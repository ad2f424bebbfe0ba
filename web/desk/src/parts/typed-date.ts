/** What a field for dates holds. */
export type DateKind = 'day' | 'month' | 'minute' | 'time';

/** What was typed, in the field's own writing; or why it cannot stand: it is not written as a date, no such day or time exists, or it lies outside the bounds. */
export type Typed = { text: string } | { wrong: 'shape' | 'unreal' | 'early' | 'late' };

const digits: Record<DateKind, number[]> = { day: [4, 2, 2], month: [4, 2], minute: [4, 2, 2, 2, 2], time: [2, 2] };
const separators = /^[\d\s\-/.,:T年月日号时点分]*$/;

/** Reads a date as people write it: 2026-11-30, 2026/11/30, 2026年11月30日 or 20261130, with 09:00 or 0900 behind it where a minute is asked. */
export function readTyped(typed: string, kind: DateKind, min = '', max = ''): Typed {
  const parts = partsOf(typed.normalize('NFKC').trim(), kind);
  if (!parts) return { wrong: 'shape' };
  const text = written(parts, kind);
  if (!real(parts, kind)) return { wrong: 'unreal' };
  if (min && text.slice(0, min.length) < min) return { wrong: 'early' };
  if (max && text.slice(0, max.length) > max) return { wrong: 'late' };
  return { text };
}

/** The numbers of a date, each as wide as its place; undefined where they are too many, too few or too long. */
function partsOf(typed: string, kind: DateKind): string[] | undefined {
  const places = digits[kind];
  if (!separators.test(typed)) return undefined;
  const found: string[] = [];
  for (const run of typed.match(/\d+/g) ?? []) found.push(...split(run, places.slice(found.length)));
  if (found.length !== places.length) return undefined;
  const fits = found.every((part, i) => (i === 0 && kind !== 'time' ? part.length === 4 : part.length <= places[i]!));
  return fits ? found.map((part, i) => part.padStart(places[i]!, '0')) : undefined;
}

/** Digits without separators fall into the places that follow, where they fill them exactly. */
function split(run: string, places: number[]): string[] {
  const out: string[] = [];
  let rest = run;
  for (const width of places) {
    if (rest === '') break;
    out.push(rest.slice(0, width));
    rest = rest.slice(width);
  }
  return rest === '' && out.at(-1)?.length === places[out.length - 1] ? out : [run];
}

function written(parts: string[], kind: DateKind): string {
  if (kind === 'time') return parts.join(':');
  return [parts.slice(0, 3).join('-'), parts.slice(3).join(':')].filter(Boolean).join(' ');
}

function real(parts: string[], kind: DateKind): boolean {
  const n = parts.map(Number);
  const [hour = 0, minute = 0] = kind === 'time' ? n : n.slice(3);
  if (hour > 23 || minute > 59) return false;
  if (kind === 'time') return true;
  const [year = 0, month = 1, day = 1] = n;
  const at = new Date(Date.UTC(year, month - 1, day));
  return year >= 1000 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}
