import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The demonstration's round in one of the states. */
async function round(world: World, ...states: string[]): Promise<string> {
  const { items } = await (await world.api('street-office')).get<{ items: { id: string; state: string }[] }>('/survey-rounds?limit=50');
  return items.find((r) => states.includes(r.state))!.id;
}

export default [
  { app: 'desk', name: 'paper/lots', path: async (w) => `/rounds/${await round(w, 'published', 'revised')}/paper`, as: 'street-office' },
  { app: 'desk', name: 'paper/community', path: async (w) => `/rounds/${await round(w, 'frozen', 'open')}/paper`, as: 'community' },
] satisfies Place[];
