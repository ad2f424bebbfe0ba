// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';

import { useSession, type Account } from '@redproperty/shared/session/session';

import { guidedRole, stepsOf, useGuide } from './guide';

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
});

describe('the first guidance', () => {
  it('is of one role, and households have none at the desk', () => {
    expect(guidedRole(['owner', 'community'])).toBe('community');
    expect(guidedRole(['manager', 'street_party'])).toBe('street_party');
    expect(guidedRole(['owner'])).toBeUndefined();
    expect(stepsOf('operator').map((s) => s.key)).toEqual(['operator.jobs', 'operator.limits', 'operator.feedback']);
  });

  it('stays away once put away, for this account alone, until asked for', () => {
    const session = useSession();
    const as = (account: string) => (session.account = { account } as Account);
    as('a');
    expect(useGuide().shown).toBe(true);
    useGuide().dismiss();
    expect(useGuide().shown).toBe(false);
    as('b');
    expect(useGuide().shown).toBe(true);
    as('a');
    expect(useGuide().shown).toBe(false);
    useGuide().open();
    expect(useGuide().shown).toBe(true);
  });
});
