import type { Place } from '../harness/place.ts';
import type { World } from '../harness/world.ts';

/** The demonstration's estate: service area, community, first building, the owner's unit. */
async function estate(world: World): Promise<{ area: string; community: string; building: string; unit: string }> {
  const [community, owner] = [await world.api('community'), await world.api('owner')];
  const area = (await community.get<{ items: { id: string; communityId: string }[] }>('/service-areas')).items[0]!;
  const account = await owner.get<{ capacities: { unit?: string }[] }>('/account');
  const unit = account.capacities.find((c) => c.unit)!.unit!;
  return { area: area.id, community: area.communityId, building: (await community.get<{ buildingId: string }>(`/units/${unit}`)).buildingId, unit };
}

async function organisation(world: World): Promise<string> {
  return (await (await world.api('manager')).get<{ capacities: { organisation: string }[] }>('/account')).capacities[0]!.organisation;
}

export default [
  { app: 'desk', name: 'places/start', path: '/places', as: 'community' },
  { app: 'desk', name: 'places/area', path: async (w) => `/places/areas/${(await estate(w)).community}`, as: 'street-office' },
  { app: 'desk', name: 'places/service-area', path: async (w) => `/places/service-areas/${(await estate(w)).area}?tab=roll`, as: 'community' },
  { app: 'desk', name: 'places/building', path: async (w) => `/places/buildings/${(await estate(w)).building}`, as: 'community' },
  { app: 'desk', name: 'places/unit', path: async (w) => `/places/units/${(await estate(w)).unit}`, as: 'community' },
  { app: 'desk', name: 'places/propose', path: async (w) => `/places/units/${(await estate(w)).unit}/propose`, as: 'community-worker', before: async (s) => { await s.page.locator('.kinds .el-radio').nth(1).click(); } },
  { app: 'desk', name: 'places/search', path: '/places/roll', as: 'community' },
  { app: 'desk', name: 'imports/list', path: '/imports', as: 'street-office' },
  { app: 'desk', name: 'imports/new', path: '/imports/new', as: 'community', before: async (s) => { await s.page.locator('.go button').click(); } },
  { app: 'desk', name: 'joining/applications', path: '/joining', as: 'community' },
  { app: 'desk', name: 'joining/codes', path: '/joining?tab=codes', as: 'community' },
  { app: 'desk', name: 'people/organisations', path: '/people/organisations', as: 'street-office' },
  { app: 'desk', name: 'people/appoint', path: async (w) => `/people/organisations/${await organisation(w)}`, as: 'manager', before: async (s) => { await s.page.locator('.tools button').click(); } },
  { app: 'desk', name: 'people/cross', path: '/people/cross', as: 'street-office' },
  { app: 'desk', name: 'people/mine', path: '/people/mine', as: 'committee' },
  { app: 'resident', name: 'join/find', path: '/join/find?q=宁海', as: 'operator' },
] satisfies Place[];
