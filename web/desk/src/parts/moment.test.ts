import { describe, expect, it } from 'vitest';

import { fieldOf, instantOf, today, within } from './moment';

describe('a field for date and minute', () => {
  it("is in China's time, whatever the zone of the device", () => {
    expect(instantOf('2026-11-22T08:30')).toBe('2026-11-22T00:30:00.000Z');
    expect(fieldOf(new Date('2026-11-21T23:59:30Z'))).toBe('2026-11-22T07:59');
    expect(instantOf(fieldOf(new Date('2026-02-28T16:00:00Z')))).toBe('2026-02-28T16:00:00.000Z');
  });

  it('is nothing where it is no moment', () => {
    for (const field of ['', '2026-11-22', '2026-13-22T08:30', "'; --"]) expect(instantOf(field), field).toBeUndefined();
  });

  it('knows what day it is in China', () => {
    expect(today(Date.parse('2026-11-30T15:59:00Z'))).toBe('2026-11-30');
    expect(today(Date.parse('2026-11-30T16:00:00Z'))).toBe('2026-12-01');
  });

  it('takes the first and the last day that it may hold, and no other', () => {
    const day = new Date(2026, 10, 9);
    expect([within(day), within(day, '2026-11-09'), within(day, '2026-11-10'), within(day, '', '2026-11-09'), within(day, '', '2026-11-08')]).toEqual([true, true, false, true, false]);
    expect([within(day, undefined, '2026-11'), within(day, undefined, '2026-10')]).toEqual([true, false]);
  });
});
