import { describe, expect, it } from 'vitest';

import type { Category } from './categories';
import { stagesOf, timesFor } from './times';

const category = {
  code: 'water.home_plumbing', nameZh: '', nameEn: '', severity: 'normal', responsibility: '', identityRule: 'home_repair', channelZh: '', channelEn: '', closingZh: '', closingEn: '',
  referenceTimes: { clock: 'working', hours: 'service', acceptMinutes: 30, arriveMinutes: 720, fixMinutes: 1440 },
} satisfies Category;

describe('the times of a report', () => {
  it('are for reference where the contract promises nothing, and say so', () => {
    expect(timesFor(category, [{ severity: 'urgent', acceptMin: 5, clock: 'natural' }])).toEqual({ source: 'reference', working: true, accept: 30, arrive: 720, control: undefined, fix: 1440 });
  });

  it('are those of the row that speaks most closely of the trouble', () => {
    const rows = [
      { severity: 'normal' as const, acceptMin: 1, clock: 'natural' as const },
      { category: 'water', acceptMin: 2, clock: 'natural' as const },
      { category: 'water', severity: 'normal' as const, acceptMin: 3, clock: 'natural' as const },
      { category: 'water.home_plumbing', acceptMin: 4, clock: 'natural' as const },
    ];
    expect(timesFor(category, rows).accept).toBe(4);
    expect(timesFor(category, rows.slice(0, 3)).accept).toBe(3);
    expect(timesFor(category, rows.slice(0, 2)).accept).toBe(2);
    expect(timesFor(category, rows.slice(0, 1)).accept).toBe(1);
  });

  it('leave out a stage for which the contract promises nothing', () => {
    const times = timesFor(category, [{ severity: 'normal', acceptMin: 30, arriveMin: 0, fixMin: 1440, clock: 'working' }]);
    expect(stagesOf(times)).toEqual([{ stage: 'accept', minutes: 30 }, { stage: 'fix', minutes: 1440 }]);
    expect(times).toMatchObject({ source: 'promised', working: true });
  });
});
