import type { Router } from 'vue-router';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

import type { Command } from './command';
import { personQuery } from './command';

/** What a finder works with. */
export interface Finding {
  api: Api;
  router: Router;
  can(...any: string[]): boolean;
  atWork(...any: string[]): boolean;
  kind(kind: Schemas['PlaceHit']['kind']): string;
}

const most = 6;
const pageOf: Partial<Record<Schemas['PlaceHit']['kind'], string>> = { service_area: 'service-areas', building: 'buildings' };

/** The page of a place; undefined where this application has none. */
function placePath(hit: Schemas['PlaceHit'], router: Router): string | undefined {
  if (hit.kind === 'public_area') return undefined;
  const path = `/places/${pageOf[hit.kind] ?? 'areas'}/${hit.id}`;
  return router.resolve(path).name === 'not-found' ? undefined : path;
}

async function orders(f: Finding, q: string, signal: AbortSignal): Promise<Command[]> {
  if (!f.can('workorder.read')) return [];
  const page = await take(f.api.GET('/api/v1/work-orders', { params: { query: { q, limit: most } }, signal }));
  return (page.items ?? []).map((o) => ({ key: `order-${o.id}`, group: 'orders', title: o.title || o.number, hint: `${o.number} · ${o.place.text}`, run: () => f.router.push(`/orders/${o.id}`) }));
}

async function places(f: Finding, q: string, signal: AbortSignal): Promise<Command[]> {
  if (!f.atWork('place.read')) return [];
  const page = await take(f.api.GET('/api/v1/places/search', { params: { query: { q, limit: most } }, signal }));
  return (page.items ?? []).flatMap((hit) => {
    const path = placePath(hit, f.router);
    return path ? [{ key: `place-${hit.id}`, group: 'places' as const, title: hit.name, hint: [f.kind(hit.kind), ...(hit.where ?? [])].join(' · '), run: () => f.router.push(path) }] : [];
  });
}

/** Whether the roll may be asked for what was typed. It is asked only when the person says so, not at every letter. */
export function mayAskRoll(f: Finding, typed: string): boolean {
  return personQuery(typed) !== undefined && f.can('roll.read') && f.router.hasRoute('unit');
}

/** People by their exact name or phone alone, masked, as the roll shows them. */
export async function findPeople(f: Finding, typed: string): Promise<Command[]> {
  const page = await take(f.api.POST('/api/v1/roll/search', { body: { ...personQuery(typed), limit: most } }));
  return (page.items ?? []).map((e) => ({
    key: `unit-${e.unitId}`, group: 'people', title: [...(e.owners ?? []), ...(e.occupants ?? [])].map((p) => p.name).join('、'), hint: e.address, run: () => f.router.push({ name: 'unit', params: { id: e.unitId } }),
  }));
}

/** Asks everything at once. What is refused or away answers nothing: the palette never gets in the way. */
export async function find(f: Finding, typed: string, signal: AbortSignal): Promise<Command[]> {
  const found = await Promise.allSettled([orders, places].map((finder) => finder(f, typed, signal)));
  return found.flatMap((r) => (r.status === 'fulfilled' ? r.value : []));
}
