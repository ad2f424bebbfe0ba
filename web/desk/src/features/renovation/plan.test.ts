import { describe, expect, it } from 'vitest';

import { emptyDraft, freshKey, toItem, total, wrong } from './plan';

describe('a plan as it is typed', () => {
  const draft = { ...emptyDraft('roof'), code: 'roof', title: ' 屋面防水 ', quantity: '620.5', budget: '186000.07', plannedFrom: '2026-10-15', plannedUntil: '2026-12-02' };

  it('is sent in whole hundredths, without what was left out', () => {
    expect(toItem(draft)).toEqual({ key: 'roof', code: 'roof', title: '屋面防水', parts: [], quantity: 62_050, budgetFen: 18_600_007, plannedFrom: '2026-10-15', plannedUntil: '2026-12-02' });
  });

  it('adds up to the fen', () => expect(total([draft, { ...draft, budget: '0.03' }, { ...draft, budget: 'x' }])).toBe(18_600_010));

  it('names what is wrong', () => {
    expect(wrong(draft)).toEqual([]);
    expect(wrong({ ...emptyDraft('x'), quantity: '0', budget: '1.234', plannedFrom: '2026-10-15' })).toEqual(['code', 'title', 'quantity', 'budgetFen', 'plannedUntil']);
  });

  it('never gives a key twice', () => {
    const numbers = [0.5, 0.5, 0.25];
    const first = freshKey([], () => 0.5);
    expect(freshKey([emptyDraft(first)], () => numbers.shift()!)).not.toBe(first);
  });
});
