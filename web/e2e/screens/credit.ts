import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The demonstration's company. */
async function company(world: World): Promise<string> {
  const { items } = await (await world.api('street-office')).get<{ items: { id: string }[] }>('/organisations?kind=company');
  return `/credit/${items[0]!.id}`;
}

/** The round of the demonstration's past. */
async function published(world: World): Promise<string> {
  const { items } = await (await world.api('street-office')).get<{ items: { id: string; state: string }[] }>('/survey-rounds?limit=50');
  return `/rounds/${items.find((r) => r.state === 'published')!.id}`;
}

export default [
  { app: 'desk', name: 'credit/companies', path: '/credit', as: 'street-office' },
  { app: 'desk', name: 'credit/company', path: company, as: 'street-deputy' },
  { app: 'desk', name: 'credit/enter', path: company, as: 'street-office', before: async (s) => { await s.page.locator('.head .el-button--primary').click(); await s.page.locator('.el-dialog button[type=submit]').click(); } },
  { app: 'desk', name: 'credit/own', path: company, as: 'manager' },
  { app: 'desk', name: 'remarks/waiting', path: async (w) => `${await published(w)}/remarks`, as: 'community-worker', before: async (s) => { await s.page.locator('article input').nth(1).click(); } },
] satisfies Place[];
