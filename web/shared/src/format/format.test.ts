import { describe, expect, it } from 'vitest';

import { area, date, dateTime, money, moment, month, nearby, roundMoney, share, span, limit } from './format';

describe('formats', () => {
  it('show the time of China on a device anywhere', () => {
    expect(dateTime('2026-11-22T16:30:00Z', 'zh-CN')).toBe('2026/11/23 00:30');
    expect(date('2026-11-22T16:30:00Z', 'zh-CN')).toBe('2026/11/23');
    expect(date('2026-11-22', 'zh-CN')).toBe('2026/11/22');
    expect(month('2026-11', 'zh-CN')).toBe('2026年11月');
  });

  it('name the month in English, so that no day is taken for another', () => {
    const now = Date.parse('2026-12-24T00:00:00Z');
    expect([date('2026-11-12', 'en'), dateTime('2026-11-22T16:30:00Z', 'en'), month('2026-11', 'en')]).toEqual(['12 Nov 2026', '23 Nov 2026, 00:30', 'November 2026']);
    expect([moment('2026-11-11T16:05:00Z', 'en', now), moment('2025-12-31T15:59:00Z', 'en', now)]).toEqual(['12 Nov, 00:05', '31 Dec 2025, 23:59']);
    expect([moment('2026-11-11T16:05:00Z', 'zh-CN', now), moment('2025-12-31T16:00:00Z', 'zh-CN', now)]).toEqual(['11/12 00:05', '01/01 00:00']);
  });

  it('know the days that have a name, by the calendar of China', () => {
    const now = Date.parse('2026-11-30T17:00:00Z'); // one in the morning of 1 December
    const days = ['2026-11-30T15:59:00Z', '2026-11-30T16:00:00Z', '2026-12-01T16:00:00Z', '2026-12-02T16:00:00Z', '2026-11-29T15:59:00Z'].map((at) => nearby(at, now));
    expect(days).toEqual([{ day: 'yesterday', time: '23:59' }, { day: 'today', time: '00:00' }, { day: 'tomorrow', time: '00:00' }, undefined, undefined]);
  });

  it('show money without rounding', () => {
    expect(money(123456789, 'zh-CN')).toBe('¥1,234,567.89');
    expect(money(5, 'en')).toBe('¥0.05');
    expect(money(-120, 'en')).toBe('-¥1.20');
    expect([roundMoney(50_000_000, 'zh-CN'), roundMoney(125_000_000, 'en'), roundMoney(0, 'en')]).toEqual(['¥50万', '¥1.3M', '¥0']);
    expect(area(8950, 'zh-CN')).toBe('89.50 m²');
  });

  it('have no share of nothing', () => {
    expect(share(0, 0, 'zh-CN')).toBeUndefined();
    expect(share(1, 3, 'zh-CN')).toBe('33.3%');
  });

  it('write a limit exactly, and working time without days', () => {
    expect(limit(1501, 'natural')).toEqual([[1, 'days'], [1, 'hours'], [1, 'minutes']]);
    expect(limit(1500, 'working')).toEqual([[25, 'hours']]);
  });

  it.each([
    [0, []],
    [59_999, []],
    [60_000, [[1, 'minutes']]],
    [3_600_000, [[1, 'hours']]],
    [90 * 60_000, [[1, 'hours'], [30, 'minutes']]],
    [-(2 * 86_400_000 + 5 * 60_000), [[2, 'days']]],
  ])('cut a span of %i ms to what matters', (ms, parts) => expect(span(ms)).toEqual(parts));
});
