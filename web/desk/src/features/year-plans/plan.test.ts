import { describe, expect, it } from 'vitest';

import type { Schemas } from '@redproperty/shared/api/client';

import { fromPlan, roundsOf, toBody, toQuery, usualDays, usualYear } from './plan';

const plan = {
  year: 2027, rule: { margin: 500, rounds: 4 }, budget: { sheets: 100, minutes: 615 }, chosen: { kind: 'rotation', times: 2 },
  areas: [{ serviceAreaId: 'a', asked: 30, rounds: [1, 3] }, { serviceAreaId: 'b', asked: 50, rounds: [1] }, { serviceAreaId: 'c', asked: 0, rounds: [] }], made: [{ no: 3, roundId: 'r' }],
} as unknown as Schemas['YearPlanView'];

describe('the plan of a year', () => {
  it('is read and written in hours and comes back in minutes', () => {
    const v = fromPlan(plan);
    expect(v).toMatchObject({ year: 2027, hours: 10, offer: 'rotation.2' });
    expect(toBody({ ...v, offer: 'rolling.4' })).toEqual({ marginBp: 500, rounds: 4, sheets: 100, minutes: 600, kind: 'rolling', times: 4 });
  });

  it('asks the server for nothing that it would refuse', () => {
    expect(toQuery(usualYear(0))).toEqual({ marginBp: 500, rounds: 4, sheets: 5000, minutes: 30_000 });
    expect(toQuery({ ...usualYear(0), rounds: 13 })).toBeUndefined();
    expect(toQuery({ ...usualYear(0), sheets: '' as unknown as number })).toBeUndefined();
  });

  it('tells what each round of the year asks and which round came of it', () => {
    expect(roundsOf(plan).map((r) => [r.no, r.areas.length, r.asked, r.made.length])).toEqual([[1, 2, 80, 0], [2, 0, 0, 0], [3, 1, 30, 1], [4, 0, 0, 0]]);
    expect([usualDays(2027, 1, 4), usualDays(2027, 4, 4).opens]).toEqual([{ opens: '2027-01-10', closes: '2027-01-31' }, '2027-10-10']);
  });
});
