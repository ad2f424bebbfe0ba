import { describe, expect, it } from 'vitest';

import { daysUntil, offered, stretches, type ContractView } from './contract';

describe('a contract on the desk', () => {
  it('offers what may be done, says why the rest may not, and is silent about other states', () => {
    const options = [{ step: 'sign', allowed: false, why: 'contract.decision_missing' }, { step: 'replace', allowed: true }, { step: 'file', allowed: false, why: 'auth.forbidden' }, { step: 'terminate', allowed: false, why: 'contract.step_illegal' }];
    const { now, not } = offered({ options: [...options, ...['record_decision', 'bring_into_force', 'confirm_start', 'record_continuation', 'notice', 'set_period', 'withdraw'].map((step) => ({ step, allowed: false, why: 'contract.step_illegal' }))] } as unknown as ContractView);
    expect(now).toEqual(['replace']);
    expect(not).toEqual([{ step: 'sign', why: 'contract.decision_missing' }, { step: 'file', why: 'auth.forbidden' }]);
  });

  it('counts days as China writes them', () => {
    expect(daysUntil('2027-01-01', '2026-12-30')).toBe(2);
    expect(daysUntil('2026-12-29', '2026-12-30')).toBe(-1);
  });

  it('takes no gap from the moment in which a record was made', () => {
    const a = (id: string, kind: string, from: string, to?: string) => ({ id, kind, from, to }) as Parameters<typeof stretches>[0][number];
    expect(stretches([a('2', 'contract', '2026-01-01T00:00:30Z'), a('1', 'none', '2026-01-01T00:00:00Z', '2026-01-01T00:00:30Z')]).map((s) => s.key)).toEqual(['2']);
  });

  it('shows times of which nothing is recorded as gaps', () => {
    const a = (id: string, kind: string, from: string, to?: string) => ({ id, kind, from, to }) as Parameters<typeof stretches>[0][number];
    const found = stretches([a('3', 'contract', '2026-03-01T00:00:00Z'), a('2', 'none', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'), a('1', 'contract', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z')]);
    expect(found.map((s) => [s.key, s.gap])).toEqual([['3', false], ['3-gap', true], ['2', true], ['1', false]]);
    expect(found[1]!.to).toBe('2026-03-01T00:00:00Z');
  });
});
