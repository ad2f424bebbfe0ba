import type { Schemas } from '@redproperty/shared/api/client';

import type { Category } from './categories';

type Row = Schemas['SLARow'];

/** The limits that a report will have, in minutes; a stage that is left out has none. */
export interface Times {
  source: 'promised' | 'reference';
  /** Whether only working hours count. */
  working: boolean;
  accept?: number;
  arrive?: number;
  control?: number;
  fix?: number;
}

/** The row of the contract's table that speaks most closely of a category: for itself, then its group, then the severity alone. */
function rowFor(rows: Row[], category: Category): Row | undefined {
  const group = category.code.split('.')[0];
  for (const code of [category.code, group, undefined]) {
    for (const severity of [category.severity, undefined]) {
      const row = rows.find((r) => (r.category ?? '') === (code ?? '') && (r.severity ?? '') === (severity ?? ''));
      if (row) return row;
    }
  }
  return undefined;
}

const some = (minutes: number | undefined) => (minutes ? minutes : undefined);

/** The times that the server will give a report: the contract's promise where it makes one, else the category's reference times. */
export function timesFor(category: Category, promises: Row[]): Times {
  const row = rowFor(promises, category);
  if (row) {
    return { source: 'promised', working: row.clock === 'working', accept: some(row.acceptMin), arrive: some(row.arriveMin), control: some(row.controlMin), fix: some(row.fixMin) };
  }
  const ref = category.referenceTimes;
  return { source: 'reference', working: ref.clock === 'working', accept: ref.acceptMinutes, arrive: ref.arriveMinutes, control: ref.controlMinutes, fix: ref.fixMinutes };
}

/** The stages that have a limit, in their order. */
export function stagesOf(times: Times): { stage: 'accept' | 'arrive' | 'control' | 'fix'; minutes: number }[] {
  return (['accept', 'arrive', 'control', 'fix'] as const).flatMap((stage) => {
    const minutes = times[stage];
    return minutes ? [{ stage, minutes }] : [];
  });
}
