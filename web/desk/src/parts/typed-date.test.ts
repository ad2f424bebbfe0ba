import { describe, expect, it } from 'vitest';

import { readTyped } from './typed-date';

describe('a date that is typed', () => {
  it.each([
    ['2026-11-30', '2026-11-30'], ['20261130', '2026-11-30'], ['2026/1/5', '2026-01-05'], ['2026年11月30日', '2026-11-30'], ['２０２６．１１．３０', '2026-11-30'], [' 2028-02-29 ', '2028-02-29'],
  ])('is understood: %s', (typed, text) => expect(readTyped(typed, 'day')).toEqual({ text }));

  it.each([
    ['2026-11-30 09:05', '2026-11-30 09:05'], ['20261130 0905', '2026-11-30 09:05'], ['202611300905', '2026-11-30 09:05'], ['2026-11-30T9:05', '2026-11-30 09:05'], ['20261130 9:05', '2026-11-30 09:05'],
  ])('has its minute: %s', (typed, text) => expect(readTyped(typed, 'minute')).toEqual({ text }));

  it('is a month or a time of day where that is asked', () => {
    expect([readTyped('202611', 'month'), readTyped('2026-6', 'month'), readTyped('0730', 'time'), readTyped('7:30', 'time')].map((r) => 'text' in r && r.text)).toEqual(['2026-11', '2026-06', '07:30', '07:30']);
  });

  it.each([
    ['2026-02-30', 'day'], ['20270229', 'day'], ['2026-13-01', 'day'], ['2026-00-10', 'day'], ['2026-11-30 24:00', 'minute'], ['2026-02-30 09:00', 'minute'], ['2026-13', 'month'], ['07:60', 'time'],
  ] as const)('is refused where it does not exist, and does not roll over: %s', (typed, kind) => expect(readTyped(typed, kind)).toEqual({ wrong: 'unreal' }));

  it.each([
    ['明天', 'day'], ['2026-11', 'day'], ['2026-11-30 1', 'day'], ['26-11-30', 'day'], ['2026113', 'day'], ['30-11-2026', 'day'], ['2026-11-30', 'minute'], ["'; --", 'day'], ['2026-11-30 <b>', 'day'], ['9', 'time'],
  ] as const)('is refused where it is not written as one: %s', (typed, kind) => expect(readTyped(typed, kind)).toEqual({ wrong: 'shape' }));

  it('lies between the bounds, both included, which may be days for a minute', () => {
    const at = (typed: string) => readTyped(typed, 'minute', '2026-11-09', '2026-11-10');
    expect([at('202611090000'), at('202611102359')].every((r) => 'text' in r)).toBe(true);
    expect([at('202611082359'), at('202611110000')]).toEqual([{ wrong: 'early' }, { wrong: 'late' }]);
  });
});
