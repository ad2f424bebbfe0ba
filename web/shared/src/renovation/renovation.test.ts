import { describe, expect, it } from 'vitest';

import { built, plain, progress, stageNumber } from './renovation';

describe('renovations', () => {
  it('writes hundredths without what says nothing', () => {
    expect([62_000, 180, 5, 0].map(plain)).toEqual(['620', '1.8', '0.05', '0']);
  });

  it('calls nothing whole before it is', () => {
    expect([built(99_999, 100_000), built(100_000, 100_000), built(0, 100), built(1, 0)]).toEqual([99, 100, 0, 0]);
  });

  it('weights what is built by its cost', () => {
    expect(progress([{ doneQuantity: 50, quantity: 100, budgetFen: 300 }, { doneQuantity: 0, quantity: 10, budgetFen: 100 }])).toBe(37);
    expect(progress([{ doneQuantity: 50, quantity: 100, budgetFen: 0 }])).toBe(50);
    expect(progress([])).toBe(0);
  });

  it('knows how far a stage is', () => {
    expect([stageNumber('proposed'), stageNumber('works'), stageNumber('withdrawn')]).toEqual([0, 6, -1]);
  });
});
