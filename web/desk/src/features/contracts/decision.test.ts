import { describe, expect, it } from 'vitest';

import { lacking, testsOf, toTally } from './decision';

const typed = { totalArea: '300', totalHeads: '300', joinedArea: '200', joinedHeads: '200', favourArea: '100.01', favourHeads: '101' };

describe("the owners' decision", () => {
  it('passes at exactly two thirds and fails one hundredth of a square metre below', () => {
    expect(Object.values(testsOf(toTally(typed)!))).toEqual([true, true, true, true]);
    expect(testsOf(toTally({ ...typed, joinedArea: '199.99' })!).quorumArea).toBe(false);
    expect(testsOf(toTally({ ...typed, favourArea: '100' })!).favourArea).toBe(false);
    expect(testsOf(toTally({ ...typed, favourHeads: '100' })!).favourHeads).toBe(false);
  });

  it('is nothing while a number is missing', () => {
    expect(toTally({ ...typed, joinedHeads: '' })).toBeUndefined();
    expect(toTally({ ...typed, joinedHeads: '1.5' })).toBeUndefined();
    expect(toTally({ ...typed, totalArea: '1.234' })).toBeUndefined();
  });

  it('says which field lacks what', () => {
    expect(lacking({ ...typed, heldOn: '2026-12-01', document: 'x' })).toEqual({});
    expect(lacking({ ...typed, heldOn: '', document: 'x', favourHeads: 'all' })).toEqual({ heldOn: 'empty', favourHeads: 'number' });
  });
});
