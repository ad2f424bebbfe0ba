import { describe, expect, it } from 'vitest';

import { pieces, placeOf } from './inbox';

describe('where a message leads', () => {
  const [resident, worker] = [{ household: true, field: false }, { household: false, field: true }];

  it('is the page of what it is about', () => {
    expect(placeOf({ topic: 'workorder.resolved', subject: 'x' }, resident)).toBe('/orders/x');
    expect(placeOf({ topic: 'survey.open', subject: 'r' }, resident)).toBe('/survey/r');
    expect(placeOf({ topic: 'survey.published', subject: 'r' }, resident)).toBe('/books/survey/r');
    expect(placeOf({ topic: 'vote.open', subject: 'v' }, resident)).toBe('/votes/v');
    expect(placeOf({ topic: 'renovation.advanced', subject: 'p' }, resident)).toBe('/renovations/p');
    expect(placeOf({ topic: 'fund.posted', subject: 'f' }, resident)).toBe('/fund-requests/f');
    expect(placeOf({ topic: 'membership.contested', subject: 'm' }, resident)).toBe('/household');
    expect(placeOf({ topic: 'post.ended', subject: 'p' }, resident)).toBeUndefined();
  });

  it('is their work for who lives nowhere there', () => {
    expect(placeOf({ topic: 'workorder.dispatched', subject: 'x' }, worker)).toBe('/jobs/x');
    expect(placeOf({ topic: 'membership.applied', subject: 'm' }, worker)).toBe('/calls');
    expect(placeOf({ topic: 'contract.in_force', subject: 'c' }, worker)).toBeUndefined();
  });
});

it('keeps the number of an order in a title whole', () => {
  expect(pieces('工单 NHHY-20261201-0004 已受理')).toEqual(['工单 ', 'NHHY-20261201-0004', ' 已受理']);
  expect(pieces('业主表决')).toEqual(['业主表决']);
});
