import { describe, expect, it } from 'vitest';

import { answers, arrange, personQuery, type Command } from './command';

const line = (group: Command['group'], title: string): Command => ({ key: title, group, title, run: () => undefined });

describe('the palette', () => {
  it('finds by every word typed, in any order and case', () => {
    expect(answers({ title: 'Work orders', hint: 'Daily work' }, 'daily ORDERS')).toBe(true);
    expect(answers({ title: '工单', hint: '日常工作' }, '工单')).toBe(true);
    expect(answers({ title: '工单' }, '工单 合同')).toBe(false);
  });

  it('shows groups in their order and leaves out empty ones', () => {
    expect(arrange([line('roll', 'c'), line('actions', 'a'), line('pages', 'b')]).map((g) => g.group)).toEqual(['pages', 'actions', 'roll']);
  });

  it('asks the roll for a whole phone or a whole name alone', () => {
    expect(personQuery(' 13812341234 ')).toEqual({ phone: '13812341234' });
    expect(personQuery('沈女士')).toEqual({ name: '沈女士' });
    expect(personQuery('𠮷田')).toEqual({ name: '𠮷田' });
    for (const part of ['1381234123', '沈', 'Shen', '3号楼', "'; --", '']) expect(personQuery(part), part).toBeUndefined();
  });
});
