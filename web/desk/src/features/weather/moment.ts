const zone = '+08:00';

/** What a field for date and minute holds, in China's time, as the API takes it; undefined where it is empty or no moment. */
export function instantOf(field: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(field)) return undefined;
  const at = new Date(`${field}:00${zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** A moment as a field for date and minute shows it, in China's time. */
export function fieldOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);
}
