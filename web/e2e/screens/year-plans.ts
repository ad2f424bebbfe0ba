import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The place of the street office, and the demonstration's plan there. */
async function plan(world: World): Promise<string> {
  const office = await world.api('street-office');
  const { capacities } = await office.get<{ capacities: { organisation?: string }[] }>('/account');
  const { areaId } = await office.get<{ areaId: string }>(`/organisations/${capacities.find((c) => c.organisation)!.organisation}`);
  const { items } = await office.get<{ items: { id: string }[] }>(`/areas/${areaId}/survey-plans`);
  return `/year-plans/${areaId}/${items[0]!.id}`;
}

export default [
  { app: 'desk', name: 'year-plans/list', path: '/year-plans', as: 'street-office' },
  { app: 'desk', name: 'year-plans/one', path: plan, as: 'street-office' },
  { app: 'desk', name: 'year-plans/make', path: plan, as: 'street-office', before: async (s) => { await s.page.locator('.rounds button').first().click(); await s.page.locator('#make-title').waitFor(); } },
  { app: 'desk', name: 'year-plans/revise', path: async (w) => `${await plan(w)}/revise`, as: 'street-office', before: async (s) => { await s.page.locator('table input[type=radio]').first().waitFor(); } },
] satisfies Place[];
