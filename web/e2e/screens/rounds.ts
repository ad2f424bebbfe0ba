import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

interface Named { id: string; state: string; formId: string; projects: { serviceAreaId: string }[] }

/** The demonstration's round in one of the states. */
async function roundIn(world: World, ...states: string[]): Promise<Named> {
  const { items } = await (await world.api('street-office')).get<{ items: Named[] }>('/survey-rounds?limit=50');
  const round = items.find((r) => states.includes(r.state));
  if (!round) throw new Error(`no round is ${states.join(' or ')}`);
  return round;
}

/** A draft of a sample, which the street office plans: the roll waits for the community and nobody has pledged. */
async function draft(world: World): Promise<string> {
  const office = await world.api('street-office');
  const { id, formId } = await roundIn(world, 'published', 'revised');
  const { projects } = await office.get<Named>(`/survey-rounds/${id}`);
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const made = await office.post<Named>('/survey-rounds', { title: '抽样测评：<img src=x onerror=alert(1)> 𠮷🏠', formId, serviceAreas: [projects[0]!.serviceAreaId], method: 'sample', marginBp: 500, opensAt: at(10), closesAt: at(30) });
  return `/rounds/${made.id}`;
}

export default [
  { app: 'desk', name: 'rounds/list', path: '/rounds', as: 'street-office' },
  { app: 'desk', name: 'rounds/new', path: '/rounds/new', as: 'street-office', before: async (s) => { await s.page.locator('form button[type=submit]').click(); } },
  { app: 'desk', name: 'rounds/draft', path: draft, as: 'street-office' },
  { app: 'desk', name: 'rounds/roll', path: draft, as: 'community', before: async (s) => { await s.page.getByRole('button', { name: '核对名册' }).or(s.page.getByRole('button', { name: 'Check the roll' })).click(); await s.page.locator('.el-drawer table').waitFor(); } },
  { app: 'desk', name: 'rounds/pledge', path: draft, as: 'manager', before: async (s) => { await s.page.locator('.act button').click(); } },
  { app: 'desk', name: 'rounds/open', path: async (w) => `/rounds/${(await roundIn(w, 'open', 'frozen')).id}`, as: 'manager' },
  { app: 'desk', name: 'rounds/results', path: async (w) => `/rounds/${(await roundIn(w, 'published', 'revised')).id}`, as: 'committee' },
] satisfies Place[];
