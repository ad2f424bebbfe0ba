import { newKey } from '@redproperty/shared/api/client';
import { ApiError, asApiError, type Problem } from '@redproperty/shared/api/problem';

/** Most orders of one request. */
export const most = 100;

/** One order of several that the same is done to. */
export interface BulkRow<T> {
  item: T;
  state: 'waiting' | 'running' | 'done' | 'failed';
  error?: ApiError;
  /** Key of the request that this row went with, while its outcome is unknown: it is repeated with the same rows. */
  key?: string;
}

/** What came of one order. */
export interface Outcome {
  id: string;
  problem?: Problem;
}

export function bulkRows<T>(items: T[]): BulkRow<T>[] {
  return items.map((item) => ({ item, state: 'waiting' }));
}

/** Sends what is not done yet, up to 100 orders at a time. A request whose outcome is unknown is repeated as it was, so that nothing happens twice. */
export async function runBulk<T extends { id: string }>(rows: BulkRow<T>[], send: (items: T[], key: string) => Promise<Outcome[]>): Promise<void> {
  for (const part of parts(rows)) {
    const key = part[0]!.key ?? newKey();
    for (const row of part) {
      Object.assign(row, { state: 'running', key });
      delete row.error;
    }
    try {
      settle(part, await send(part.map((r) => r.item), key));
    } catch (thrown) {
      const error = asApiError(thrown);
      for (const row of part) {
        Object.assign(row, { state: 'failed', error });
        if (!error.uncertain) delete row.key;
      }
    }
  }
}

/** What is sent together: rows of a request that must be repeated as it was, and of the others as many as go into one. */
function parts<T>(rows: BulkRow<T>[]): BulkRow<T>[][] {
  const open = rows.filter((r) => r.state !== 'done');
  const keys = [...new Set(open.map((r) => r.key).filter((k) => k !== undefined))];
  const fresh = open.filter((r) => r.key === undefined);
  const out = keys.map((key) => open.filter((r) => r.key === key));
  for (let i = 0; i < fresh.length; i += most) out.push(fresh.slice(i, i + most));
  return out;
}

/** Writes the outcomes to their rows. What was refused is asked for anew, with another key: it was not done. */
function settle<T extends { id: string }>(part: BulkRow<T>[], outcomes: Outcome[]): void {
  for (const row of part) {
    const problem = outcomes.find((o) => o.id === row.item.id)?.problem;
    delete row.key;
    row.state = problem ? 'failed' : 'done';
    if (problem) row.error = new ApiError(problem);
  }
}
