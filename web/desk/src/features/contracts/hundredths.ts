/**
 * Decimal texts with at most two places, and whole hundredths: yuan and fen, square metres and 0.01 m², scores and
 * hundredths of a point, per cent and hundredths of one. Digits are moved, nothing is multiplied.
 */
export function toHundredths(text: string): number | undefined {
  const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(',', ''));
  return found ? Number(found[1]! + (found[2] ?? '').padEnd(2, '0')) : undefined;
}

/** As people write it: 12000 is "120", 180 is "1.8", 5 is "0.05". */
export function fromHundredths(n: number): string {
  const digits = String(n).padStart(3, '0');
  const places = digits.slice(-2).replace(/0+$/, '');
  return digits.slice(0, -2) + (places ? `.${places}` : '');
}
