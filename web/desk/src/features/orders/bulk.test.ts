import { describe, expect, it } from 'vitest';

import { ApiError } from '@redproperty/shared/api/problem';

import { bulkRows, runBulk, type Outcome } from './bulk';

const items = (...ids: string[]) => ids.map((id) => ({ id }));
const refused = (id: string): Outcome => ({ id, problem: { type: '', title: '', status: 409, code: 'workorder.step_illegal', detail: 'no', requestId: '' } });

describe('doing the same to several', () => {
  it('goes in one request, and says of each what came of it', async () => {
    const rows = bulkRows(items('a', 'b', 'c'));
    const sent: string[][] = [];
    await runBulk(rows, async (part) => (sent.push(part.map((i) => i.id)), [{ id: 'a' }, refused('b'), { id: 'c' }]));
    expect(sent).toEqual([['a', 'b', 'c']]);
    expect(rows.map((r) => r.state)).toEqual(['done', 'failed', 'done']);
    expect(rows[1]!.error?.message).toBe('no');
  });

  it('repeats a request with the same orders and key where its answer was lost, and only what was refused, with a new key, where it came', async () => {
    const rows = bulkRows(items('a', 'b'));
    const keys: string[] = [];
    await runBulk(rows, async (_, key) => { keys.push(key); throw new TypeError('network'); });
    expect(rows.every((r) => r.state === 'failed' && r.error?.uncertain)).toBe(true);
    const sent: string[][] = [];
    const send = async (part: { id: string }[], key: string) => { keys.push(key); sent.push(part.map((i) => i.id)); return part.map((i) => (i.id === 'b' && sent.length === 1 ? refused('b') : { id: i.id })); };
    await runBulk(rows, send);
    await runBulk(rows, send);
    expect(sent).toEqual([['a', 'b'], ['b']]);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[1]);
    expect(rows.every((r) => r.state === 'done')).toBe(true);
  });

  it('is refused as a whole by a clear refusal, and sends many in parts', async () => {
    const rows = bulkRows(items(...Array.from({ length: 230 }, (_, i) => String(i))));
    const sizes: number[] = [];
    await runBulk(rows, async (part) => {
      sizes.push(part.length);
      if (sizes.length === 2) throw new ApiError({ status: 403 });
      return part.map((i) => ({ id: i.id }));
    });
    expect(sizes).toEqual([100, 100, 30]);
    expect(rows.filter((r) => r.state === 'failed')).toHaveLength(100);
    expect(rows.every((r) => r.key === undefined || r.state !== 'failed')).toBe(true);
  });
});
