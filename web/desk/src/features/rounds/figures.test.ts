import { describe, expect, it } from 'vitest';

import { ends, figure, place, shares, stratumOf, tallied } from './figures';

describe('figures for reading', () => {
  it('shortens a published figure and shows what is missing as missing', () => {
    expect(figure('70.491757')).toBe('70.5');
    expect(figure('3.414634', 2)).toBe('3.41');
    expect(figure(undefined)).toBe('–');
    expect(ends({ low: '-1.250000', high: '4.000000' })).toEqual({ low: '-1.3', high: '4.0' });
  });

  it('keeps a bar within its frame', () => {
    expect([place('-3'), place('50.5'), place('104'), place(undefined)]).toEqual([0, 50.5, 100, 0]);
    expect(shares([1, 0, 3])).toEqual([25, 0, 75]);
    expect(shares([0, 0])).toEqual([0, 0]);
  });

  it('finds a stratum by its key', () => {
    const strata = [{ no: 1, name: 'A' }, { no: 12, name: 'B' }];
    expect(stratumOf(strata, 's0012')?.name).toBe('B');
    expect(stratumOf(strata, 's0002')).toBeUndefined();
  });

  it('lists options in the questionnaire’s order with those that nobody chose, and numbers ascending', () => {
    const item = { code: 'x', kind: 'single', prompt: { zh: '', en: '' }, options: [{ code: 'yes', text: { zh: '', en: '' } }, { code: 'no', text: { zh: '', en: '' } }] } as Parameters<typeof tallied>[0];
    expect(tallied(item, { no: 4, dont_know: 1 })).toEqual([{ code: 'yes', n: 0 }, { code: 'no', n: 4 }, { code: 'dont_know', n: 1 }]);
    expect(tallied(undefined, { 10: 2, 4: 1 }).map((x) => x.code)).toEqual(['4', '10']);
  });
});
