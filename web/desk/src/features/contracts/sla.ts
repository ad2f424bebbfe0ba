import type { Schemas } from '@redproperty/shared/api/client';

export type SlaRow = Schemas['SLARow'];
/** The limits of a row, in the order in which they come due. */
export const stages = ['acceptMin', 'arriveMin', 'controlMin', 'fixMin'] as const;
export type Stage = (typeof stages)[number];
/** The columns of the table: every severity, then each. */
export const severities = ['', 'emergency', 'urgent', 'normal', 'complex', 'complaint', 'inquiry'] as const;

export const units = { minutes: 1, hours: 60, days: 1440 } as const;
export type Unit = keyof typeof units;
/** A limit as it is typed. */
export interface Span {
  n: string;
  unit: Unit;
}

/** Minutes in the largest unit that divides them. Working time has no days: how long a working day is, the rules say. */
export function spanOf(minutes: number | undefined, clock: string): Span {
  if (!minutes) return { n: '', unit: 'minutes' };
  const unit = (clock === 'natural' ? (['days', 'hours'] as const) : (['hours'] as const)).find((u) => minutes % units[u] === 0) ?? 'minutes';
  return { n: String(minutes / units[unit]), unit };
}

/** What is typed, in minutes; 0 where nothing is, undefined where it is no number. */
export function minutesOf(span: Span): number | undefined {
  if (span.n.trim() === '') return 0;
  return /^\d{1,6}$/.test(span.n.trim()) ? Number(span.n) * units[span.unit] : undefined;
}

const is = (category: string, severity: string) => (r: SlaRow) => (r.category ?? '') === category && (r.severity ?? '') === severity;

export function cellOf(rows: SlaRow[], category: string, severity: string): SlaRow | undefined {
  return rows.find(is(category, severity));
}

/** The rows with one cell changed; without it where there is nothing promised. */
export function withCell(rows: SlaRow[], category: string, severity: string, cell: SlaRow | undefined): SlaRow[] {
  const at = rows.findIndex(is(category, severity));
  const others = rows.filter((_, i) => i !== at);
  if (!cell) return others;
  const row: SlaRow = { ...cell, category, severity: severity as NonNullable<SlaRow['severity']> };
  if (!category) delete row.category;
  if (!severity) delete row.severity;
  return at < 0 ? [...rows, row] : rows.map((r, i) => (i === at ? row : r));
}

/** The lines of the table: all matters first, then the categories and groups that rows name, and those that were added by hand. */
export function linesOf(rows: SlaRow[], added: string[] = []): string[] {
  return [...new Set(['', ...rows.map((r) => r.category ?? ''), ...added])];
}

/** Whether a cell could be promised: something is, and no stage comes before an earlier one. The server asks the same. */
export function sensible(cell: SlaRow): boolean {
  const given = stages.map((s) => cell[s] ?? 0);
  const [accept, arrive, control, fix] = given as [number, number, number, number];
  if (given.every((m) => m === 0)) return false;
  if (control > 0 && (control < accept || (fix > 0 && control > fix))) return false;
  const chain = [accept, arrive, fix].filter((m) => m > 0);
  return chain.every((m, i) => i === 0 || m >= chain[i - 1]!);
}
