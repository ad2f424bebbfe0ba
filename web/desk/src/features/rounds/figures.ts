import type { Schemas } from '@redproperty/shared/api/client';

/** A published figure ("70.491757") with one decimal for reading; the whole figure stands in exports. Halves go up, as the eye expects. */
export function figure(value: string | undefined, decimals = 1): string {
  return value === undefined ? '–' : Number(value).toFixed(decimals);
}

/** The ends of an interval for a sentence. */
export function ends(interval: { low: string; high: string } | undefined, decimals = 1): { low: string; high: string } {
  return { low: figure(interval?.low, decimals), high: figure(interval?.high, decimals) };
}

/** A figure between 0 and 100 as a place on a bar, in per cent of its width. */
export function place(value: string | undefined): number {
  return Math.min(100, Math.max(0, Number(value ?? 0)));
}

/** Shares of a distribution in per cent, for a bar; all zero where there is nothing. */
export function shares(counts: readonly number[]): number[] {
  const whole = counts.reduce((a, b) => a + b, 0);
  return counts.map((n) => (whole === 0 ? 0 : (n / whole) * 100));
}

/** The stratum of a key such as s0012. */
export function stratumOf<S extends { no: number }>(strata: readonly S[], key: string): S | undefined {
  return strata.find((s) => `s${String(s.no).padStart(4, '0')}` === key);
}

/** Every item of a questionnaire by its code. */
export function itemsOf(q: Schemas['Questionnaire'] | undefined): Map<string, Schemas['QuestionnaireItem']> {
  return new Map((q?.sections ?? []).flatMap((s) => (s.items ?? []).map((i) => [i.code, i] as const)));
}

/** Options in the questionnaire's order, numbers ascending, with how many chose each; what nobody chose is left out of numbers only. */
export function tallied(item: Schemas['QuestionnaireItem'] | undefined, counts: Record<string, number>): { code: string; n: number }[] {
  if (item?.options?.length) return [...item.options.map((o) => o.code), ...Object.keys(counts).filter((c) => !item.options!.some((o) => o.code === c))].map((code) => ({ code, n: counts[code] ?? 0 }));
  return Object.entries(counts).map(([code, n]) => ({ code, n })).sort((a, b) => Number(a.code) - Number(b.code));
}
