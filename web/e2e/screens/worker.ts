import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

type Rows = { items: { id: string; orderId: string }[] };

/** The first job of the worker's list. */
const job = async (world: World) => `/jobs/${(await (await world.api('worker')).get<Rows>('/work-orders?mine=true&open=true&limit=1')).items[0]!.id}`;
/** A job on which nobody has arrived yet, so that the resident can be waited for. */
const ahead = async (world: World) => `/jobs/${(await (await world.api('worker')).get<Rows>('/work-orders?mine=true&state=dispatched&limit=1')).items[0]!.id}`;
/** The first order that the manager has to take on. */
const intake = async (world: World) => `/jobs/${(await (await world.api('manager')).get<Rows>('/work-orders?state=reported&limit=1')).items[0]!.id}`;

export default [
  { app: 'resident', name: 'home/worker', path: '/', as: 'worker' },
  { app: 'resident', name: 'jobs', path: '/jobs', as: 'worker' },
  { app: 'resident', name: 'jobs/intake', path: '/jobs', as: 'manager' },
  { app: 'resident', name: 'jobs/one', path: job, as: 'worker' },
  { app: 'resident', name: 'jobs/pause', path: ahead, as: 'worker', before: async (s) => { await s.page.getByRole('button', { name: /等住户|Wait for/ }).click(); await s.page.locator('[role=dialog] button[type=submit]').click(); } },
  { app: 'resident', name: 'jobs/more', path: intake, as: 'manager', before: async (s) => { await s.page.getByRole('button', { name: /其他操作|Other steps/ }).click(); } },
  { app: 'resident', name: 'calls', path: '/calls', as: 'community-worker' },
  { app: 'resident', name: 'calls/record', path: '/calls', as: 'community-worker', before: async (s) => { await s.page.getByRole('button', { name: /记录回访|Record the call/ }).first().click(); await s.page.getByText(/替他记下评价|Write down their rating/).click(); } },
  { app: 'resident', name: 'offline', path: '/offline' },
] satisfies Place[];
