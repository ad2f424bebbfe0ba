import { describe, expect, it } from 'vitest';

import { marginsWith, toBody, usualPlan } from './plan';

describe('the plan of a round', () => {
  it('begins with an opening that leaves time for the roll and three weeks to answer', () => {
    const plan = usualPlan(Date.parse('2026-11-30T20:00:00Z')); // already the first of December in China
    expect([plan.opensAt, plan.closesAt, plan.method]).toEqual(['2026-12-08T09:00', '2026-12-29T09:00', 'census']);
  });

  it('offers the margin that a plan gave, though no author could choose it', () => {
    expect(marginsWith(1370)).toEqual([300, 400, 500, 700, 1000, 1370]);
    expect(marginsWith(500)).toEqual([300, 400, 500, 700, 1000]);
    expect(marginsWith(undefined)).toHaveLength(5);
  });

  it('sends a margin with a sample alone', () => {
    const plan = { ...usualPlan(0), title: ' 测评 ', formId: 'f', serviceAreas: ['a'] };
    expect(toBody(plan)).not.toHaveProperty('marginBp');
    expect(toBody({ ...plan, method: 'sample' })).toMatchObject({ title: '测评', marginBp: 500, method: 'sample' });
  });

  it('sends with a sample how many are expected to answer, where that was typed', () => {
    const plan = { ...usualPlan(0), method: 'sample' as const };
    expect(toBody(plan)).not.toHaveProperty('responsePercent');
    expect(toBody({ ...plan, responsePercent: '' as unknown as number })).not.toHaveProperty('responsePercent');
    expect(toBody({ ...plan, responsePercent: 35 })).toMatchObject({ responsePercent: 35 });
    expect(toBody({ ...plan, method: 'census', responsePercent: 35 })).not.toHaveProperty('responsePercent');
  });
});
