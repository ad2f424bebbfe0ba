import { beforeEach, describe, expect, it } from 'vitest';

import { emptyDraft, keptDraft } from './draft';

const draft = { ...emptyDraft('water.home_plumbing'), description: '一直滴水' };

describe('the draft of a report', () => {
  beforeEach(() => localStorage.clear());

  it('is there again after the page was closed, for its category and its account only', () => {
    keptDraft('me').save(draft);
    expect(keptDraft('me').load('water.home_plumbing').description).toBe('一直滴水');
    expect(keptDraft('me').load('power.outage').description).toBe('');
    expect(keptDraft('somebody').load('water.home_plumbing').description).toBe('');
  });

  it('goes out under the same key again until there is an answer, even by another page', () => {
    const key = keptDraft('me').keyFor(draft);
    expect(keptDraft('me').uncertain(draft)).toBe(true);
    expect(keptDraft('me').keyFor(draft)).toBe(key);
  });

  it('takes a new key once it was changed, refused or sent', () => {
    const key = keptDraft('me').keyFor(draft);
    expect(keptDraft('me').keyFor({ ...draft, description: '不滴了' })).not.toBe(key);
    keptDraft('me').refused(draft);
    expect(keptDraft('me').uncertain(draft)).toBe(false);
    const next = keptDraft('me').keyFor(draft);
    expect(next).not.toBe(key);
    keptDraft('me').clear();
    expect(keptDraft('me').load('water.home_plumbing').description).toBe('');
    expect(keptDraft('me').keyFor(draft)).not.toBe(next);
  });
});
