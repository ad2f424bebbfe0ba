import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The demonstration's round with a score. */
async function scored(world: World): Promise<string> {
  const { items } = await (await world.api('street-office')).get<{ items: { id: string; state: string }[] }>('/survey-rounds?limit=50');
  const round = items.find((r) => r.state === 'published' || r.state === 'revised');
  if (!round) throw new Error('no round has a score');
  return round.id;
}

async function audit(world: World): Promise<string> {
  const round = await scored(world);
  const { items } = await (await world.api('street-party')).get<{ items: { id: string }[] }>(`/survey-rounds/${round}/audits`);
  return `/rounds/${round}/audits/${items[0]!.id}`;
}

export default [
  { app: 'desk', name: 'score-audit/queue', path: '/score-audits', as: 'street-party' },
  { app: 'desk', name: 'score-audit/round', path: async (w) => `/rounds/${await scored(w)}/audits`, as: 'street-office' },
  { app: 'desk', name: 'score-audit/one', path: audit, as: 'street-party' },
  { app: 'desk', name: 'score-audit/conclude', path: audit, as: 'street-party', before: async (s) => { await s.page.locator('.act button').first().click(); } },
  { app: 'desk', name: 'score-audit/recontacts', path: async (w) => `/rounds/${await scored(w)}/recontacts`, as: 'community' },
] satisfies Place[];
