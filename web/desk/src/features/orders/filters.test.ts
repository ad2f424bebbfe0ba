import { describe, expect, it } from 'vitest';

import { fromQuery, narrowed, noFilters, toQuery, toRequest } from './filters';

describe('filters of the list of orders', () => {
  it('come back from the address as they went in', () => {
    const filters = { ...noFilters(), view: 'overdue' as const, q: '漏水 &?#', state: ['reported', 'accepted'], severity: 'urgent', source: 'hotline', category: 'water.pipe_burst', serviceArea: 'x', from: '2026-11-01', to: '2026-11-30', sort: 'due' as const };
    expect(fromQuery(toQuery(filters) as Record<string, string>)).toEqual(filters);
  });

  it('leave the address empty where nothing is chosen', () => {
    expect(toQuery(noFilters())).toEqual({});
    expect(fromQuery({})).toEqual(noFilters());
  });

  it('ignore what an address cannot mean', () => {
    expect(fromQuery({ view: 'no', state: 'reported,no', severity: '<b>', source: ['x', 'y'], from: '1', sort: 'up' })).toEqual({ ...noFilters(), state: ['reported'] });
  });

  it('ask the API for what the view means', () => {
    expect(toRequest(noFilters())).toEqual({ open: true });
    expect(toRequest({ ...noFilters(), view: 'mine' })).toEqual({ mine: true, open: true });
    expect(toRequest({ ...noFilters(), view: 'closed', state: ['reported'] })).toEqual({ state: ['closed'] });
    expect(toRequest({ ...noFilters(), view: 'all', q: 'a', from: '2026-11-01', sort: 'due' })).toEqual({ q: 'a', from: '2026-11-01', sort: 'due' });
  });

  it('count as one each', () => {
    expect(narrowed({ ...noFilters(), state: ['reported', 'accepted'], from: '2026-11-01' })).toBe(2);
  });
});
