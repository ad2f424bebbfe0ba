import { describe, expect, it } from 'vitest';

import type { Schemas } from '@redproperty/shared/api/client';

import en from './locales/en';
import zh from './locales/zh-CN';
import { emptyValues, impossible, missing, moves, possible, ratingOf, stepForms } from './steps';

const order = (state: string, steps: Schemas['OrderStep'][]) => ({ state, steps }) as Schemas['OrderDetail'];

describe('steps', () => {
  it('have a name and an explanation in both languages', () => {
    for (const step of Object.keys(stepForms)) {
      for (const texts of [zh, en]) {
        expect(texts.step[step as 'accept'], step).toBeTruthy();
        expect(texts.form.explain[step as 'accept'], step).toBeTruthy();
      }
    }
  });

  it('put what moves the order along first, and a decision before it', () => {
    const steps = ['decline', 'note', 'accept', 'route'].map((step) => ({ step, allowed: true }));
    expect(possible(order('reported', steps))[0]).toBe('accept');
    const pending = ['note', 'resolve', 'approve_extension', 'refuse_extension'].map((step) => ({ step, allowed: true }));
    expect(possible(order('in_progress', pending)).slice(0, 3)).toEqual(['approve_extension', 'refuse_extension', 'resolve']);
    expect(['resolve', 'approve_extension', 'note', 'mark_duplicate'].map((step) => moves(order('in_progress', pending), step))).toEqual([true, true, false, false]);
  });

  it('name what is refused, that of other posts last', () => {
    expect(impossible(order('reported', [{ step: 'verify', allowed: false, why: 'auth.forbidden' }, { step: 'arrive', allowed: false, why: 'workorder.step_illegal' }, { step: 'accept', allowed: true }])).map((r) => r.step)).toEqual(['arrive', 'verify']);
  });

  it('say before sending what is missing or too short, spaces not counted', () => {
    expect(missing(stepForms['pause']!.fields, { ...emptyValues, evidence: '  a  ' })).toEqual({ reason: 'required', evidence: 'short' });
    expect(missing(stepForms['pause']!.fields, { ...emptyValues, reason: 'resident_absent', evidence: '门上留了字条' })).toEqual({ reason: undefined, evidence: undefined });
  });

  it('send a rating only where it was asked for, and passing on only with words', () => {
    expect(ratingOf(emptyValues)).toEqual({});
    expect(ratingOf({ ...emptyValues, rate: true, passOn: true })).toEqual({ rating: { solved: 'yes', satisfied: 5 } });
    expect(ratingOf({ ...emptyValues, rate: true, solved: 'no', satisfied: 1, remark: '没修', passOn: true })).toEqual({ rating: { solved: 'no', satisfied: 1, remark: '没修', passOn: true } });
  });
});
