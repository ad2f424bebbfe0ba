import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** A vote of the demonstration, by what it is called. */
const named = (title: string, rest = '') => async (world: World) => {
  const { items } = await (await world.api('owner')).get<{ items: { id: string; title: string }[] }>('/votes');
  return `/votes/${items.find((v) => v.title.includes(title))!.id}${rest}`;
};

export default [
  { app: 'resident', name: 'votes/list', path: '/votes', as: 'owner' },
  { app: 'resident', name: 'votes/open', path: named('老旧小区'), as: 'owner' },
  { app: 'resident', name: 'votes/delegate', path: named('老旧小区'), as: 'neighbour' },
  { app: 'resident', name: 'votes/result', path: named('屋面'), as: 'owner' },
  { app: 'resident', name: 'votes/proposal', path: named('东大门'), as: 'owner' },
  { app: 'resident', name: 'votes/roll', path: named('老旧小区', '/roll'), as: 'owner' },
  { app: 'resident', name: 'votes/check', path: named('老旧小区', '/check'), as: 'owner' },
  { app: 'resident', name: 'votes/propose', path: '/votes/propose', as: 'owner' },
  { app: 'resident', name: 'votes/ballot', path: named('老旧小区'), as: 'owner', before: async (s) => {
    await s.page.locator('.own .van-button--primary').first().click();
    await s.page.locator('fieldset').first().waitFor();
  } },
  { app: 'desk', name: 'votes/list', path: '/votes', as: 'committee' },
  { app: 'desk', name: 'votes/open', path: named('老旧小区'), as: 'committee' },
  { app: 'desk', name: 'votes/teller', path: named('老旧小区'), as: 'community' },
  { app: 'desk', name: 'votes/result', path: named('屋面'), as: 'street-office' },
  { app: 'desk', name: 'votes/announce', path: named('东大门'), as: 'committee', before: async (s) => {
    await s.page.getByRole('button', { name: /^(公告|Announce)$/ }).click();
    await s.page.getByRole('dialog').waitFor();
  } },
  { app: 'desk', name: 'votes/new', path: '/votes/new', as: 'committee' },
  { app: 'desk', name: 'votes/paper', path: named('老旧小区', '/paper/30'), as: 'community-worker' },
  { app: 'desk', name: 'votes/print', path: named('老旧小区', '/print?heads=3-4'), as: 'community-worker' },
] satisfies Place[];
