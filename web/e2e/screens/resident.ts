import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The owner's dwelling. */
async function homeOf(world: World): Promise<string> {
  const account = await (await world.api('owner')).get<{ capacities: { unit?: string }[] }>('/account');
  return account.capacities.find((c) => c.unit)!.unit!;
}

/** An order of the owner that the worker says is done, with a message. */
async function resolved(world: World): Promise<string> {
  const [owner, manager, worker] = [await world.api('owner'), await world.api('manager'), await world.api('worker')];
  const where = { unitId: await homeOf(world), detail: '厨房水槽下面' };
  const { order } = await owner.post<{ order: { id: string } }>('/work-orders', { category: 'water.home_plumbing', where, description: '昨晚开始一直滴水，下面放了盆接着。' });
  const { person } = await worker.get<{ person: string }>('/account');
  await manager.post(`/work-orders/${order.id}/accept`);
  await manager.post(`/work-orders/${order.id}/dispatch`, { assigneeId: person });
  await worker.post(`/work-orders/${order.id}/arrive`);
  await worker.post(`/work-orders/${order.id}/contact`, { reason: 'visit' });
  await worker.post(`/work-orders/${order.id}/resolve`, { text: '更换了阀芯，已试水。' });
  await worker.post(`/work-orders/${order.id}/messages`, { text: '阀芯换好了，麻烦看看还滴不滴水。' });
  return order.id;
}

/** The address of an order that was reported without a name. */
async function unnamed(world: World): Promise<string> {
  const owner = await world.api('owner');
  const areas = await owner.get<{ items: { id: string }[] }>('/service-areas');
  const { followToken } = await owner.post<{ followToken: string }>('/hazard-reports', { category: 'building.ground_hole', where: { serviceAreaId: areas.items[0]!.id, detail: '1号楼东侧' }, description: '井盖没了' });
  return `/follow/${followToken}`;
}

/** The page on which the owner names a helper. */
async function helper(world: World): Promise<string> {
  const account = await (await world.api('owner')).get<{ capacities: { id: string; unit?: string }[] }>('/account');
  return `/household/helper/${account.capacities.find((c) => c.unit)!.id}`;
}

export default [
  { app: 'resident', name: 'news', path: '/news', as: 'owner' },
  { app: 'resident', name: 'report', path: '/report', as: 'owner' },
  { app: 'resident', name: 'report/group', path: '/report', as: 'owner', before: async (s) => { await s.page.getByRole('button', { name: /给水排水|Water and drains/ }).click(); } },
  { app: 'resident', name: 'report/form', path: '/report/water/home_plumbing', as: 'owner', before: async (s) => { await s.page.locator('#report-words').fill('一直滴水'); } },
  { app: 'resident', name: 'report/danger', path: '/report/lift/entrapment', as: 'tenant', before: async (s) => { await s.page.getByRole('button', { name: /提交|Send/ }).click(); } },
  { app: 'resident', name: 'orders/resolved', path: async (world) => `/orders/${await resolved(world)}`, as: 'owner' },
  { app: 'resident', name: 'orders', path: '/orders?view=all', as: 'owner' },
  { app: 'resident', name: 'orders/none', path: '/orders?view=waiting', as: 'neighbour' },
  { app: 'resident', name: 'follow', path: unnamed },
  { app: 'resident', name: 'follow/gone', path: '/follow/abcdefghijklmnopqrstuvwxyz' },
  { app: 'resident', name: 'hazard', path: '/hazard' },
  { app: 'resident', name: 'join', path: '/join#ABCD-EFGH', as: 'operator', before: async (s) => { await s.page.locator('button[type=submit]').click(); } },
  { app: 'resident', name: 'join/apply', path: async (world) => `/join/apply/${await homeOf(world)}`, as: 'tenant' },
  { app: 'resident', name: 'household', path: '/household', as: 'owner' },
  { app: 'resident', name: 'household/helper', path: helper, as: 'owner' },
  { app: 'resident', name: 'inbox', path: '/inbox', as: 'owner' },
  ...['notifications', 'log-ins', 'consents', 'reads', 'data', 'feedback'].map((page): Place => ({ app: 'resident', name: `me/${page}`, path: `/me/${page}`, as: 'owner' })),
] satisfies Place[];
