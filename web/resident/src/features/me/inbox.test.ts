import { describe, expect, it } from 'vitest';

import { placeOf } from './inbox';

describe('where a message leads', () => {
  it('is the page of what it is about', () => {
    expect(placeOf({ topic: 'workorder.resolved', subject: 'x' })).toBe('/orders/x');
    expect(placeOf({ topic: 'survey.opened', subject: 'r' })).toBe('/survey/r');
    expect(placeOf({ topic: 'membership.contested', subject: 'm' })).toBe('/household');
    expect(placeOf({ topic: 'post.ended', subject: 'p' })).toBeUndefined();
  });
});
