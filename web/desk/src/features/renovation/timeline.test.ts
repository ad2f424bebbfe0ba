import { describe, expect, it } from 'vitest';

import { scaleOf } from './timeline';

describe('the line of time', () => {
  it('holds every day and today, in their order', () => {
    const scale = scaleOf(['2026-10-19', undefined, '2026-12-22'], '2026-11-30');
    const places = ['2026-10-19', '2026-11-30', '2026-12-22'].map((d) => scale.at(d));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(places[2]).toBeLessThan(100);
  });

  it('stands with one day alone', () => {
    expect(scaleOf([], '2026-11-30').at('2026-11-30')).toBe(50);
  });
});
