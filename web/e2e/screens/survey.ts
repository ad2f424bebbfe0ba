import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The round of the demonstration's past, whose result is published. */
async function published(world: World): Promise<string> {
  const { items } = await (await world.api('owner')).get<{ items: { id: string; state: string }[] }>('/survey-rounds');
  return items.find((r) => r.state === 'published')!.id;
}

export default [
  { app: 'resident', name: 'survey/list', path: '/survey', as: 'owner' },
  { app: 'resident', name: 'survey/over', path: async (world) => `/survey/${await published(world)}`, as: 'owner' },
  { app: 'resident', name: 'survey/check', path: '/survey/check' },
  { app: 'resident', name: 'survey/check-wrong', path: '/survey/check', before: async (s) => {
    await s.page.locator('textarea').fill('RPR1.nothing');
    await s.page.locator('button[type=submit]').click();
    await s.page.locator('.result').waitFor();
  } },
  { app: 'resident', name: 'books', path: '/books', as: 'owner' },
  { app: 'resident', name: 'books/score', path: async (world) => `/books/survey/${await published(world)}`, as: 'owner' },
  { app: 'resident', name: 'books/public', path: async (world) => `/books/survey/${await published(world)}` },
] satisfies Place[];
