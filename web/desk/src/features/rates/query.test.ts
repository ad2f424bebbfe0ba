import { describe, expect, it } from 'vitest';

import { fromQuery, monthBefore, monthOf, toQuery, toRequest } from './query';

const now = Date.parse('2026-11-30T16:30:00Z'); // 1 December in China

describe('what rates are asked for', () => {
  it('is this month in China by company, where the address says nothing', () => {
    expect(monthOf(now)).toBe('2026-12');
    expect(fromQuery({}, now)).toEqual({ month: '2026-12', months: 1, dimension: 'company', areaId: '', asOf: '', category: '', source: '' });
  });

  it('comes back from the address', () => {
    const asked = { month: '2026-10', months: 3, dimension: 'category' as const, areaId: 'a', asOf: '2026-11-03T08:00', category: 'lift.stopped', source: 'hotline' };
    expect(fromQuery(toQuery(asked, 'live') as Record<string, string>, now)).toEqual(asked);
    expect(toRequest(asked)).toEqual({ month: '2026-10', months: 3, areaId: 'a', asOf: '2026-11-03T00:00:00.000Z', category: 'lift.stopped', source: 'hotline' });
  });

  it('ignores what cannot be', () => {
    expect(fromQuery({ month: '2026-13', months: '99', by: 'person', asOf: 'now' }, now)).toMatchObject({ month: '2026-12', months: 1, dimension: 'company', asOf: '' });
  });

  it('knows the month before', () => {
    expect(monthBefore('2027-01')).toBe('2026-12');
    expect(monthBefore('2026-10')).toBe('2026-09');
  });
});
