import { describe, expect, it } from 'vitest';

import { points, stepsOf, toHundredths, type Item } from './credit';

describe('a company’s credit record', () => {
  it('reads and writes points without rounding', () => {
    expect([points(7600), points(50), points(1), points(0)]).toEqual(['76', '0.5', '0.01', '0']);
    expect([toHundredths('76'), toHundredths('0.05'), toHundredths('1.255'), toHundredths('-1'), toHundredths('')]).toEqual([7600, 5, undefined, undefined, undefined]);
  });

  it('offers what the state and the days allow', () => {
    const item = (i: Partial<Item>) => i as Item;
    expect(stepsOf(item({ state: 'noticed', replyUntil: '2026-11-30' }), '2026-11-30')).toEqual(['reply', 'decide']);
    expect(stepsOf(item({ state: 'noticed', replyUntil: '2026-11-29' }), '2026-11-30')).toEqual(['decide']);
    expect(stepsOf(item({ state: 'in_force', appealUntil: '2026-12-01' }), '2026-11-30')).toEqual(['appeal', 'end']);
    expect(stepsOf(item({ state: 'in_force' }), '2026-11-30')).toEqual(['end']);
    expect(stepsOf(item({ state: 'overturned' }), '2026-11-30')).toEqual([]);
  });
});
