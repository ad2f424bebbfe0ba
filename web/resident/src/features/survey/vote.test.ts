// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';

import type { Envelope } from '@redproperty/shared/ballot/envelope';
import { BallotError } from '@redproperty/shared/ballot/problem';
import type { Questionnaire } from '@redproperty/shared/questionnaire/questionnaire';

import { useVote, type Booth } from './vote';

const held = vi.hoisted(() => ({ envelope: undefined as unknown, full: false }));
vi.mock('@redproperty/shared/api/use-api', () => ({ useApi: () => ({}) }));
vi.mock('@redproperty/shared/ballot/store', () => ({
  deviceStore: {
    change: async (_round: string, _unit: string, to: (e: unknown) => unknown) => {
      if (held.full) throw new BallotError('unkept');
      return (held.envelope = to(held.envelope));
    },
  },
}));

const form = { title: { zh: '题', en: 'Q' }, sections: [{ code: 's', title: { zh: '题', en: 'Q' }, items: [{ code: 'say', kind: 'text', maxRunes: 50, prompt: { zh: '题', en: 'Q' } }] }] } as Questionnaire;
const envelope = (more: Partial<Envelope>): Envelope => ({ round: 'r', unit: 'u', textKey: 'k', casts: [], ...more });
const cast = (revision: number, say: string, receipt?: string) => ({ revision, answers: { say }, salt: '', textSalt: '', ...(receipt ? { receipt } : {}) });
const ballot = {} as NonNullable<Envelope['ballot']>;
const drafted = () => (held.envelope as Envelope | undefined)?.draft?.answers;

function voting(of?: Envelope) {
  const scope = effectScope();
  const booth: Booth = { round: 'r', unit: 'u', stratum: 's', form, envelope: of };
  return { vote: scope.run(() => useVote(booth))!, stop: () => scope.stop() };
}

beforeEach(() => Object.assign(held, { envelope: undefined, full: false }));

describe('answers of a ballot', () => {
  it('are kept where one leaves right after the last letter', async () => {
    const { vote, stop } = voting();
    vote.set('say', '灯不亮');
    await nextTick();
    stop();
    await vi.waitFor(() => expect(drafted()).toEqual({ say: '灯不亮' }));
  });

  it('are kept where the page goes out of sight', async () => {
    const { vote, stop } = voting();
    vote.set('say', '灯不亮');
    await nextTick();
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(drafted()).toEqual({ say: '灯不亮' }));
    stop();
  });

  it('that the device cannot keep are told', async () => {
    held.full = true;
    const { vote, stop } = voting();
    await vote.keep();
    expect(vote.fault.value).toBe('unkept');
    stop();
  });

  it('know what was sent and not answered, and what was changed since the receipt', () => {
    const of = (more: Partial<Envelope>) => { const { vote, stop } = voting(envelope(more)); stop(); return [vote.unanswered.value, vote.changed.value]; };
    expect(of({})).toEqual([false, false]);
    expect(of({ draft: { answers: { say: 'a' } } })).toEqual([false, false]);
    expect(of({ pending: {} as NonNullable<Envelope['pending']>, draft: { answers: { say: 'a' } } })).toEqual([true, false]);
    expect(of({ ballot })).toEqual([true, false]);
    expect(of({ ballot, casts: [cast(1, 'a', 'R')] })).toEqual([false, false]);
    expect(of({ ballot, casts: [cast(1, 'a', 'R')], draft: { answers: { say: 'b' } } })).toEqual([false, true]);
    expect(of({ ballot, casts: [cast(1, 'a', 'R'), cast(2, 'b')], draft: { answers: { say: 'b' } } })).toEqual([true, true]);
  });
});
