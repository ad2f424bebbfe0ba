import { newKey } from '@redproperty/shared/api/client';
import { asApiError, type ApiError } from '@redproperty/shared/api/problem';

/** One order of several that the same is done to. */
export interface BulkRow<T> {
  item: T;
  state: 'waiting' | 'running' | 'done' | 'failed';
  error?: ApiError;
  /** Key of its change; kept while the outcome is unknown, so that a repetition changes nothing twice. */
  key: string;
}

export function bulkRows<T>(items: T[]): BulkRow<T>[] {
  return items.map((item) => ({ item, state: 'waiting', key: newKey() }));
}

/** Does it for each row that is not done yet, one after another. One that fails does not stop the others. */
export async function runBulk<T>(rows: BulkRow<T>[], act: (item: T, key: string) => Promise<unknown>): Promise<void> {
  for (const row of rows) {
    if (row.state === 'done') continue;
    row.state = 'running';
    delete row.error;
    try {
      await act(row.item, row.key);
      row.state = 'done';
    } catch (thrown) {
      row.error = asApiError(thrown);
      if (!row.error.uncertain) row.key = newKey();
      row.state = 'failed';
    }
  }
}
