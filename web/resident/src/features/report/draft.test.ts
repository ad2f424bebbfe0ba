// @vitest-environment happy-dom
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

  it('is gone once it is in the queue, and until then counts as unsent', () => {
    expect(keptDraft('me').started()).toBe(false);
    keptDraft('me').save(draft);
    expect(keptDraft('me').started()).toBe(true);
    keptDraft('me').clear();
    expect(keptDraft('me').load('water.home_plumbing').description).toBe('');
    expect(keptDraft('me').started()).toBe(false);
  });
});
