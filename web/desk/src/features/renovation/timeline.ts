import { today } from '@/parts/moment';

const dayOf = (on: string): number => Date.parse(`${on}T00:00:00Z`) / 86_400_000;

/** The scale of a line of time over some days and today, with a little room at both ends; at() is the place of a day in per cent. */
export function scaleOf(days: (string | undefined)[], now: string = today()): { today: string; at(on: string): number } {
  const all = [...days.filter((d): d is string => d !== undefined), now].map(dayOf);
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(2, (last - first) * 0.04);
  const whole = last - first + 2 * room;
  return { today: now, at: (on) => Math.min(100, Math.max(0, ((dayOf(on) - first + room) / whole) * 100)) };
}
