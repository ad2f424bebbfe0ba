import type { LocationQuery, LocationQueryRaw } from 'vue-router';

import type { Paths } from '@redproperty/shared/api/client';

type Query = NonNullable<Paths['/api/v1/audit/records']['get']['parameters']['query']>;

/** What the trail is narrowed to; kept in the page's address. */
export interface TrailFilters {
  kind: string;
  object: string;
  account: string;
  from: string;
  to: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const day = /^\d{4}-\d{2}-\d{2}$/;
const one = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value[0] : value) ?? '';
const only = (value: string, form: RegExp) => (form.test(value) ? value : '');

/** Reads filters from an address; what is out of shape is left out, and a thing without its kind too. */
export function fromQuery(query: LocationQuery): TrailFilters {
  const kind = only(one(query['kind']), /^[a-z_]{1,40}$/);
  return { kind, object: kind ? only(one(query['object']), uuid) : '', account: only(one(query['account']), uuid), from: only(one(query['from']), day), to: only(one(query['to']), day) };
}

/** Writes filters for an address, without what is not set. */
export function toQuery(f: TrailFilters): LocationQueryRaw {
  return Object.fromEntries(Object.entries(f).filter(([, value]) => value !== ''));
}

/** The question to the API. */
export function toRequest(f: TrailFilters): Query {
  const all = { objectKind: f.kind, objectId: f.object, account: f.account, from: f.from, to: f.to };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
