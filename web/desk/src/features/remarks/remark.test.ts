import { describe, expect, it } from 'vitest';

import type { Schemas } from '@redproperty/shared/api/client';

import { blackOut, decisions, type Choice } from './remark';

describe('answers in words under review', () => {
  it('are blacked out by whole characters, and line breaks stay', () => {
    expect(blackOut('三号楼𠮷先生', 3, 4)).toBe('三号楼■先生'); // a half of 𠮷 is selected
    expect(blackOut('a\nb', 0, 3)).toBe('■\n■');
    expect(blackOut('文字', 1, 1)).toBe('文字');
    expect(Array.from(blackOut('🛗电梯', 0, 2))).toHaveLength(3);
  });

  it('are sent with what was decided and nothing else', () => {
    const remark = (id: string) => ({ id, content: '文字', state: 'waiting' }) as Schemas['Remark'];
    const choices = new Map<string, Choice>([['a', { to: 'released', shown: '文字', reason: 'insult' }], ['b', { to: 'released', shown: '■字', reason: '' }], ['c', { to: 'withheld', shown: '■字', reason: 'insult' }], ['d', { to: 'withheld', shown: '', reason: '' }]]);
    expect(decisions(['a', 'b', 'c', 'd', 'e'].map(remark), choices)).toEqual({
      list: [{ id: 'a', from: 'waiting', to: 'released' }, { id: 'b', from: 'waiting', to: 'released', shown: '■字' }, { id: 'c', from: 'waiting', to: 'withheld', reason: 'insult' }, { id: 'd', from: 'waiting', to: 'withheld' }], missing: ['d'],
    });
  });
});
