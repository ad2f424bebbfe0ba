import { describe, expect, it } from 'vitest';

import type { Schemas } from '@redproperty/shared/api/client';

import { byDue, changesSince, dueSoon, yesterday } from './since';

const order = (id: string, updatedAt: string, more: Partial<Schemas['OrderView']> & { reportedAt?: string; closedAt?: string } = {}) =>
  ({ id, updatedAt, state: 'reported', ...more, times: { reportedAt: more.reportedAt ?? '2026-11-01T00:00:00Z', closedAt: more.closedAt } }) as Schemas['OrderView'];

describe('since yesterday', () => {
  it('begins at midnight in China', () => {
    expect(yesterday(Date.parse('2026-11-30T15:59:00Z'))).toEqual({ day: '2026-11-29', at: Date.parse('2026-11-28T16:00:00Z') });
    expect(yesterday(Date.parse('2026-11-30T16:00:00Z')).day).toBe('2026-11-30');
  });

  it('counts each order once, by what matters most', () => {
    const at = Date.parse('2026-11-29T00:00:00Z');
    const found = changesSince(at, [
      order('old', '2026-11-28T23:00:00Z'), order('moved', '2026-11-29T01:00:00Z'), order('moved', '2026-11-29T01:00:00Z'), order('new', '2026-11-29T03:00:00Z', { reportedAt: '2026-11-29T02:00:00Z' }),
      order('closed', '2026-11-29T05:00:00Z', { state: 'closed', reportedAt: '2026-11-29T02:00:00Z', closedAt: '2026-11-29T05:00:00Z' }),
    ]);
    expect([found.reported, found.closed, found.moved].map((list) => list.map((o) => o.id))).toEqual([['new'], ['closed'], ['moved']]);
  });

  it('puts first what is due first, and last what has no clock', () => {
    const list = [order('none', '', {}), order('b', '', { dueAt: '2026-11-29T20:00:00Z' }), order('late', '', { dueAt: '2026-11-20T00:00:00Z' })];
    expect(byDue(list).map((o) => o.id)).toEqual(['late', 'b', 'none']);
  });

  it('knows what is due within a day', () => {
    const now = Date.parse('2026-11-29T00:00:00Z');
    const due = (id: string, dueAt: string | undefined) => order(id, '2026-11-29T00:00:00Z', { dueAt });
    expect(dueSoon([due('later', '2026-11-30T00:00:00Z'), due('b', '2026-11-29T20:00:00Z'), due('a', '2026-11-29T00:00:00Z'), due('late', '2026-11-28T23:59:59Z'), due('none', undefined)], now).map((o) => o.id)).toEqual(['a', 'b']);
  });
});
