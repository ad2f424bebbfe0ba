import type { Schemas } from '@redproperty/shared/api/client';

export type Item = Schemas['CreditItem'];
export type Step = 'reply' | 'decide' | 'appeal' | 'rule' | 'end';

/** Points are kept in hundredths; people read and type whole and half points. */
export const points = (hundredths: number): string => (hundredths / 100).toFixed(2).replace(/\.?0+$/, '');

/** Typed points as hundredths; undefined where they are no number with two decimals at most. */
export function toHundredths(typed: string): number | undefined {
  return /^\d{1,4}(\.\d{1,2})?$/.test(typed.trim()) ? Math.round(Number(typed) * 100) : undefined;
}

/** The steps that can be taken from the state of an item, whoever takes them; the server says who may. */
export function stepsOf(i: Item, today: string): Step[] {
  switch (i.state) {
    case 'noticed': return [...(i.replyUntil && !i.repliedAt && today <= i.replyUntil ? ['reply' as const] : []), 'decide'];
    case 'in_force': return [...(i.appealUntil && !i.appealedAt && today <= i.appealUntil ? ['appeal' as const] : []), 'end'];
    case 'appealed': return ['rule'];
    default: return [];
  }
}

/** Which permission a step needs. */
export const permissionOf: Record<Step, string> = { reply: 'credit.reply', decide: 'credit.decide', appeal: 'credit.reply', rule: 'credit.decide', end: 'credit.enter' };
