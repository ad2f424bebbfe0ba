import { describe, expect, it } from 'vitest';

import { choicesFor, type Member } from './members';

const member = (over: Partial<Member>): Member => ({
  id: 'me', householdId: 'h', unitId: 'u', personId: 'p', relation: 'owner', rights: [], via: 'code', state: 'active', version: 1, from: '2026-11-01T00:00:00Z', contestableUntil: '2026-11-15T00:00:00Z', ...over,
});
const own = member({});
const now = new Date('2026-11-20T00:00:00Z').getTime();

describe('what a member may do about a membership', () => {
  it('leave one’s own, end one’s helper, contest who came later, in time', () => {
    expect(choicesFor(own, own, now)).toEqual(['leave']);
    expect(choicesFor(member({ id: 'h', relation: 'helper', helpsMembershipId: 'me' }), own, now)).toEqual(['dismiss']);
    expect(choicesFor(member({ id: 'n', from: '2026-11-18T00:00:00Z', contestableUntil: '2026-12-02T00:00:00Z' }), own, now)).toEqual(['contest']);
  });

  it('nothing about those who were there before, about late contests, others’ helpers and past members', () => {
    expect(choicesFor(member({ id: 'o', from: '2026-10-01T00:00:00Z', contestableUntil: '2026-12-02T00:00:00Z' }), own, now)).toEqual([]);
    expect(choicesFor(member({ id: 'n', from: '2026-11-02T00:00:00Z', contestableUntil: '2026-11-16T00:00:00Z' }), own, now)).toEqual([]);
    expect(choicesFor(member({ id: 'h', relation: 'helper', helpsMembershipId: 'o' }), own, now)).toEqual([]);
    expect(choicesFor(member({ id: 'x', state: 'ended' }), own, now)).toEqual([]);
    expect(choicesFor(own, undefined, now)).toEqual([]);
  });
});
