import { expect, it } from 'vitest';

import { homeOf, worksAtDesk } from './places';

it.each([
  [[], 'resident'],
  [['owner'], 'resident'],
  [['worker'], 'resident'],
  [['street_party'], 'desk'],
  [['committee', 'owner'], 'resident'],
  [['manager'], 'desk'],
])('%j begins in %s', (roles, app) => expect(homeOf(roles)).toBe(app));

it('knows who works at the desk', () => {
  expect(worksAtDesk([{ role: 'owner' }])).toBe(false);
  expect(worksAtDesk([{ role: 'owner' }, { role: 'committee' }])).toBe(true);
});
