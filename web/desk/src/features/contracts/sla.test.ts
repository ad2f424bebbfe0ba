import { describe, expect, it } from 'vitest';

import { cellOf, linesOf, minutesOf, sensible, spanOf, withCell, type SlaRow } from './sla';

const rows: SlaRow[] = [{ severity: 'urgent', arriveMin: 30, clock: 'natural' }, { category: 'lift', fixMin: 1440, clock: 'working' }];

describe('a table of promised times', () => {
  it('writes minutes in the largest unit that divides them, and never working time in days', () => {
    expect(spanOf(1440, 'natural')).toEqual({ n: '1', unit: 'days' });
    expect(spanOf(1440, 'working')).toEqual({ n: '24', unit: 'hours' });
    expect(spanOf(90, 'natural')).toEqual({ n: '90', unit: 'minutes' });
    expect(spanOf(undefined, 'natural').n).toBe('');
    for (let m = 1; m < 5000; m++) expect(minutesOf(spanOf(m, m % 2 ? 'natural' : 'working'))).toBe(m);
  });

  it('knows what is typed that is no time', () => {
    expect(minutesOf({ n: ' ', unit: 'hours' })).toBe(0);
    for (const n of ['x', '-1', '1.5', '1e3', '1234567']) expect(minutesOf({ n, unit: 'hours' })).toBeUndefined();
  });

  it('changes one cell and no other, and has no empty ones', () => {
    const changed = withCell(rows, 'lift', '', { fixMin: 60, clock: 'natural' });
    expect(cellOf(changed, 'lift', '')).toEqual({ category: 'lift', fixMin: 60, clock: 'natural' });
    expect(changed).toHaveLength(2);
    const more = withCell(changed, 'lift', 'emergency', { arriveMin: 15, clock: 'natural' });
    expect(more[2]).toEqual({ category: 'lift', severity: 'emergency', arriveMin: 15, clock: 'natural' });
    expect(withCell(more, '', 'urgent', undefined)).toHaveLength(2);
    expect(linesOf(rows, ['water', 'lift'])).toEqual(['', 'lift', 'water']);
  });

  it('takes what the server takes', () => {
    expect(sensible({ clock: 'natural' })).toBe(false);
    expect(sensible({ acceptMin: 10, arriveMin: 30, controlMin: 20, fixMin: 60, clock: 'natural' })).toBe(true);
    expect(sensible({ acceptMin: 60, arriveMin: 30, clock: 'natural' })).toBe(false);
    expect(sensible({ acceptMin: 10, fixMin: 5, clock: 'natural' })).toBe(false);
    expect(sensible({ controlMin: 90, fixMin: 60, clock: 'natural' })).toBe(false);
    expect(sensible({ controlMin: 90, clock: 'natural' })).toBe(true);
  });
});
