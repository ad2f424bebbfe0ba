import { describe, expect, it } from 'vitest';

import { entryOf } from './navigation';

describe('the side navigation', () => {
  const entries = ['/', '/rounds', '/places', '/places/roll', '/people/organisations'].map((to) => ({ to }));

  it.each([['/', '/'], ['/rounds', '/rounds'], ['/rounds/1/audits', '/rounds'], ['/places/units/1', '/places'], ['/places/roll', '/places/roll'], ['/people/organisations/1', '/people/organisations']])('shows where %s belongs', (path, to) => {
    expect(entryOf(entries, path)?.to).toBe(to);
  });

  it('claims nothing that no entry leads to', () => {
    for (const path of ['/inbox', '/roundsman', '/people']) expect(entryOf(entries, path)).toBeUndefined();
  });
});
