import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The demonstration's published questionnaire. */
async function published(world: World): Promise<string> {
  const { items } = await (await world.api('street-office')).get<{ items: { id: string; state: string }[] }>('/survey-forms');
  return `/forms/${items.find((f) => f.state === 'published')!.id}`;
}

export default [
  { app: 'desk', name: 'forms/list', path: '/forms', as: 'street-office' },
  { app: 'desk', name: 'forms/new', path: '/forms/new', as: 'committee' },
  { app: 'desk', name: 'forms/builder', path: '/forms/new?template=property_service', as: 'community', before: async (s) => { await s.page.locator('nav li button').nth(7).click(); } },
  { app: 'desk', name: 'forms/refused', path: '/forms/new?template=property_service&blank=1', as: 'committee', before: async (s) => { await s.page.locator('.builder .bar button').first().click(); await s.page.locator('.builder [role=alert]').first().waitFor(); } },
  { app: 'desk', name: 'forms/published', path: published, as: 'street-office' },
] satisfies Place[];
