import { describe, expect, it } from 'vitest';

import { exceeded } from './project';

describe('the overrun rule', () => {
  const rule = { overrunPercent: 10, overrunFen: 1_000_000 };

  it('is passed only where both bounds are', () => {
    expect(exceeded(rule, 100_000_000, 110_000_000)).toBe(false);
    expect(exceeded(rule, 100_000_000, 110_000_001)).toBe(true);
    expect(exceeded(rule, 1_000_000, 2_000_000)).toBe(false);
    expect(exceeded(rule, 1_000_000, 2_000_001)).toBe(true);
    expect(exceeded(rule, 100_000_000, 90_000_000)).toBe(false);
  });
});
