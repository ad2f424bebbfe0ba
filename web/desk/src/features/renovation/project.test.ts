import { describe, expect, it } from 'vitest';

import { exceeded, signsFor } from './project';

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

describe('the signature under an item', () => {
  const item = { takeover: true, utilityId: 'water', signatures: [{ party: 'contractor' }] } as unknown as Parameters<typeof signsFor>[1];
  const as = (role: string, organisation: string) => signsFor({ contractorId: 'builder' }, item, [{ role, organisation }]);

  it('is offered to a party to it that has not signed', () => {
    expect([as('utility', 'builder'), as('street_office', 'office'), as('utility', 'water')]).toEqual([undefined, 'sponsor', 'utility']);
    expect([as('utility', 'gas'), as('committee', 'owners'), signsFor({}, { ...item, takeover: false }, [{ role: 'utility', organisation: 'water' }])]).toEqual([undefined, undefined, undefined]);
  });
});
