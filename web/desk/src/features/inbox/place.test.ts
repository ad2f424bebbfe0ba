import { describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';

import { placeOf } from './place';

const page = { template: '' };
const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/orders/:id', component: page, meta: { any: ['workorder.read'] } }, { path: '/pressure', component: page, meta: { any: ['workorder.pressure'] } }, { path: '/people/mine', component: page },
    { path: '/:rest(.*)*', name: 'not-found', component: page },
  ],
});
const may = (...held: string[]) => (...any: string[]) => any.some((p) => held.includes(p));

describe('where a message leads', () => {
  it('is the page of what it is about, where the person may open it', () => {
    expect(placeOf({ topic: 'workorder.escalated', subject: 'x' }, router, may('workorder.read'))).toBe('/orders/x');
    expect(placeOf({ topic: 'workorder.escalated', subject: 'x' }, router, may())).toBeUndefined();
    expect(placeOf({ topic: 'post.started', subject: 'x' }, router, may())).toBe('/people/mine');
  });

  it('is the report of pressure, not an order, where the message is of pressure', () => {
    expect(placeOf({ topic: 'workorder.pressure_reported', subject: 'x' }, router, may('workorder.pressure'))).toBe('/pressure');
  });

  it('is nowhere, where there is no such page', () => {
    expect(placeOf({ topic: 'contract.signed', subject: 'x' }, router, may('contract.read'))).toBeUndefined();
    expect(placeOf({ topic: 'unheard.of', subject: 'x' }, router, may())).toBeUndefined();
  });
});
