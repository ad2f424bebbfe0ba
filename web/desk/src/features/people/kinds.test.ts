import { describe, expect, it } from 'vitest';

import { areaKinds, crossings, endOfDay, kinds, rolesOf } from './kinds';

describe('kinds of organisation', () => {
  it('each have roles for their posts, and an area', () => {
    for (const k of kinds) {
      expect(rolesOf(k).length, k).toBeGreaterThan(0);
      expect(areaKinds(k).length, k).toBe(1);
    }
    expect(rolesOf('nonsense')).toEqual([]);
  });

  it('are never crossed with themselves', () => {
    for (const [name, c] of Object.entries(crossings)) expect((c.homes as readonly string[]).filter((k) => (c.hosts as readonly string[]).includes(k)), name).toEqual([]);
  });
});

it('a term ends with its last day, in China', () => {
  expect(new Date(endOfDay('2027-12-31')).toISOString()).toBe('2027-12-31T15:59:59.000Z');
});
