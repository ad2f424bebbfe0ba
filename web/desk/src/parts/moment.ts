const offset = 8 * 3_600_000;

/** A moment as a field for date and minute shows it, in China whatever the zone of the device. */
export function fieldOf(at: string | number | Date): string {
  return new Date(new Date(at).getTime() + offset).toISOString().slice(0, 16);
}

/** What a field for date and minute means, as the API takes it; undefined where it is empty or no moment. */
export function instantOf(field: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(field)) return undefined;
  const at = new Date(`${field}:00+08:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** A day in China, as the API writes it. */
export function today(now: number = Date.now()): string {
  return fieldOf(now).slice(0, 10);
}

/** Whether the day that a calendar shows lies between two, both included; bounds may also be months. */
export function within(at: Date, min?: string, max?: string): boolean {
  const day = [String(at.getFullYear()).padStart(4, '0'), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
  return (!min || day.slice(0, min.length) >= min) && (!max || day.slice(0, max.length) <= max);
}
