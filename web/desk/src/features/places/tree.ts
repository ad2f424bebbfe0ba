import { reactive, ref } from 'vue';
import type { RouteLocationRaw } from 'vue-router';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

export type Kind = Schemas['PlaceHit']['kind'];

/** A node of the tree of places. */
export interface Node {
  id: string;
  kind: Kind;
  name: string;
  /** How many dwellings lie in it, where that is known. */
  units?: number;
}

/** Counted up where a place was entered or renamed, so that the tree reads anew. */
export const treeVersion = ref(0);

/** The nodes that are open; it outlives the page. */
export const openNodes = reactive(new Set<string>());

/** The page of a place; public areas have none. */
export function placeRoute(kind: Kind, id: string): RouteLocationRaw {
  if (kind === 'service_area') return { name: 'service-area', params: { id } };
  return { name: kind === 'building' ? 'building' : 'area', params: { id } };
}

type Page<T> = { items: T[] | null; next?: string };

/** Every row of a list that is known to be short: a building's units, a street's communities. */
export async function all<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    found.push(...(answer.items ?? []));
    cursor = answer.next || undefined;
  } while (cursor);
  return found;
}

/** What lies directly in a node; without one, the provinces. */
export async function childrenOf(api: Api, node: Node | undefined, signal: AbortSignal): Promise<Node[]> {
  if (node?.kind === 'estate') {
    const areas = await all((cursor) => take(api.GET('/api/v1/service-areas', { params: { query: { cursor, limit: 200, estateId: node.id } }, signal })));
    return areas.map((a) => ({ id: a.id, kind: 'service_area', name: a.name }));
  }
  if (node?.kind === 'service_area') {
    const buildings = await all((cursor) => take(api.GET('/api/v1/service-areas/{serviceAreaId}/buildings', { params: { path: { serviceAreaId: node.id }, query: { cursor, limit: 200 } }, signal })));
    return buildings.map((b) => ({ id: b.id, kind: 'building', name: b.name }));
  }
  const areas = await all((cursor) => take(api.GET('/api/v1/areas', { params: { query: { cursor, limit: 200, ...(node ? { parentId: node.id } : {}) } }, signal })));
  return areas.map((a) => ({ id: a.id, kind: a.kind, name: a.name, units: a.units }));
}

const few = 6;

/** Opens the tree down to the estates that the person works in, where these are few. */
export async function openOwn(api: Api): Promise<void> {
  if (openNodes.size > 0) return;
  const areas = (await take(api.GET('/api/v1/service-areas', { params: { query: { limit: few + 1 } } }))).items ?? [];
  for (const a of areas.length <= few ? areas : areas.slice(0, 1)) [a.streetId, a.communityId, a.estateId].forEach((id) => openNodes.add(id));
}
