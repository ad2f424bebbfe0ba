import { describe, expect, it } from 'vitest';

import { ApiError } from '@redproperty/shared/api/problem';

import { bulkRows, runBulk } from './bulk';

describe('doing the same to several', () => {
  it('goes on after one that is refused, and says which', async () => {
    const rows = bulkRows(['a', 'b', 'c']);
    await runBulk(rows, async (item) => {
      if (item === 'b') throw new ApiError({ status: 409, code: 'workorder.step_illegal', detail: 'no' });
    });
    expect(rows.map((r) => r.state)).toEqual(['done', 'failed', 'done']);
    expect(rows[1]!.error?.message).toBe('no');
  });

  it('repeats only what is not done, with the same key where the outcome is unknown and a new one after a clear refusal', async () => {
    const rows = bulkRows(['lost', 'refused', 'fine']);
    const keys = rows.map((r) => r.key);
    await runBulk(rows, async (item) => {
      if (item === 'lost') throw new TypeError('network');
      if (item === 'refused') throw new ApiError({ status: 409 });
    });
    const again: [string, string][] = [];
    await runBulk(rows, async (item, key) => void again.push([item, key]));
    expect(again.map(([item]) => item)).toEqual(['lost', 'refused']);
    expect(again[0]![1]).toBe(keys[0]);
    expect(again[1]![1]).not.toBe(keys[1]);
    expect(rows.every((r) => r.state === 'done')).toBe(true);
  });
});
