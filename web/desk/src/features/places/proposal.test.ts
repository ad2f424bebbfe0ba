import { describe, expect, it } from 'vitest';

import { beginResults, resultOf, sumOf, toProposal } from './proposal';

const unit = { id: 'u', version: 3, entrance: '2单元', number: '501', floor: 5, use: 'residential', areas: { register: 8405, contract: 8400 } } as unknown as Parameters<typeof resultOf>[0];

describe('a proposal', () => {
  it('of a correction begins with what is there and keeps each source of the area', () => {
    const results = beginResults('correct', unit);
    expect(toProposal({ kind: 'correct', with: [], results, reason: ' 登记有误 ', sumReason: '' }, [unit])).toEqual({
      kind: 'correct', sources: [{ unitId: 'u', version: 3 }], reason: '登记有误', results: [{ entrance: '2单元', number: '501', floor: 5, use: 'residential', areas: { register: 8405, contract: 8400 } }],
    });
  });

  it('of a split adds up exactly, and knows no sum while something is no area', () => {
    const [a, b] = beginResults('split', unit) as [ReturnType<typeof resultOf>, ReturnType<typeof resultOf>];
    expect([a.number, b.number, a.register]).toEqual(['501A', '501B', '']);
    expect(sumOf([{ ...a, register: '42.02' }, { ...b, register: '42.03' }])).toBe(8405);
    expect(sumOf([{ ...a, register: '九十' }, b])).toBeUndefined();
  });

  it('to strike a unit out has no result', () => {
    expect(toProposal({ kind: 'void', with: [], results: beginResults('void', unit), reason: '重复登记', sumReason: '不存在' }, [unit])).toMatchObject({ results: [], sumReason: '不存在' });
  });
});
