import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

type Row = { id: string; state: string };

/** The demonstration's project in a stage. */
async function project(world: World, state: string): Promise<string> {
  const { items } = await (await world.api('owner')).get<{ items: Row[] }>('/renovations');
  return items.find((p) => p.state === state)!.id;
}
const works = (rest = '') => async (world: World) => `/renovations/${await project(world, 'works')}${rest}`;
async function item(world: World): Promise<string> {
  const id = await project(world, 'works');
  const view = await (await world.api('owner')).get<{ items: { id: string }[] }>(`/renovations/${id}`);
  return `/renovations/${id}/items/${view.items[0]!.id}`;
}
async function posted(world: World): Promise<string> {
  const { items } = await (await world.api('owner')).get<{ items: Row[] }>('/fund-requests');
  return `/fund-requests/${items.find((r) => r.state === 'posted')!.id}`;
}

export default [
  { app: 'resident', name: 'renovation/list', path: '/renovations', as: 'owner' },
  { app: 'resident', name: 'renovation/project', path: works(), as: 'owner' },
  { app: 'resident', name: 'renovation/item', path: item, as: 'owner' },
  { app: 'resident', name: 'renovation/fund', path: posted, as: 'owner' },
  { app: 'resident', name: 'renovation/public', path: works('/public') },
  { app: 'desk', name: 'renovation/list', path: '/renovations', as: 'street-office' },
  { app: 'desk', name: 'renovation/overview', path: works(), as: 'street-office' },
  { app: 'desk', name: 'renovation/plan-form', path: works('/plan'), as: 'street-office' },
  { app: 'desk', name: 'renovation/consent', path: works('?tab=consent'), as: 'committee' },
  { app: 'desk', name: 'renovation/money', path: works('?tab=money'), as: 'street-office' },
  { app: 'desk', name: 'renovation/time', path: works('?tab=time'), as: 'contractor' },
  { app: 'desk', name: 'renovation/acceptance', path: works('?tab=acceptance'), as: 'street-office' },
  { app: 'desk', name: 'renovation/fund', path: posted, as: 'committee' },
  { app: 'desk', name: 'renovation/compare', path: '/renovation-comparison', as: 'street-party' },
] satisfies Place[];
