import type { LocationQuery, LocationQueryRaw } from 'vue-router';

import type { Paths } from '@redproperty/shared/api/client';

type ListQuery = NonNullable<Paths['/api/v1/work-orders']['get']['parameters']['query']>;

/** What a list of orders is narrowed to; kept in the page's address, so that it can be shared and gone back to. */
export interface OrderFilters {
  view: View;
  q: string;
  state: string[];
  severity: string;
  source: string;
  category: string;
  serviceArea: string;
  from: string;
  to: string;
  /** Changed on this day or later. */
  changed: string;
  sort: 'newest' | 'due';
}

export const views = ['open', 'waiting', 'overdue', 'mine', 'closed', 'all'] as const;
export type View = (typeof views)[number];

export const states = ['reported', 'accepted', 'dispatched', 'in_progress', 'resolved', 'verified', 'closed', 'declined', 'returned', 'deferred', 'duplicate', 'cancelled'] as const;
export const severities = ['emergency', 'urgent', 'normal', 'complex', 'complaint', 'inquiry'] as const;
export const sources = ['resident', 'desk', 'inspection', 'hotline', 'import'] as const;

export function noFilters(): OrderFilters {
  return { view: 'open', q: '', state: [], severity: '', source: '', category: '', serviceArea: '', from: '', to: '', changed: '', sort: 'newest' };
}

const one = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value[0] : value) ?? '';
const among = <T extends string>(value: string, all: readonly T[], otherwise: T): T => all.find((a) => a === value) ?? otherwise;
const day = (value: string) => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '');

/** Reads filters from an address; what it does not know is left out. */
export function fromQuery(query: LocationQuery): OrderFilters {
  return {
    view: among(one(query['view']), views, 'open'), q: one(query['q']).slice(0, 60), state: one(query['state']).split(',').filter((s) => (states as readonly string[]).includes(s)),
    severity: among(one(query['severity']), [...severities, ''] as const, ''), source: among(one(query['source']), [...sources, ''] as const, ''), category: one(query['category']), serviceArea: one(query['area']),
    from: day(one(query['from'])), to: day(one(query['to'])), changed: day(one(query['changed'])), sort: among(one(query['sort']), ['newest', 'due'] as const, 'newest'),
  };
}

/** Writes filters for an address, without what is as usual. */
export function toQuery(f: OrderFilters): LocationQueryRaw {
  const all = { view: f.view === 'open' ? '' : f.view, q: f.q, state: f.state.join(','), severity: f.severity, source: f.source, category: f.category, area: f.serviceArea, from: f.from, to: f.to, changed: f.changed, sort: f.sort === 'newest' ? '' : f.sort };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The question to the API. */
export function toRequest(f: OrderFilters): ListQuery {
  const query: ListQuery = {};
  if (f.view === 'open') query.open = true;
  if (f.view === 'waiting') query.waitingForMe = true;
  if (f.view === 'overdue') query.overdue = true;
  if (f.view === 'mine') Object.assign(query, { mine: true, open: true });
  const state = f.view === 'closed' ? ['closed'] : f.state;
  if (state.length > 0) query.state = state;
  if (f.q) query.q = f.q;
  if (f.severity) query.severity = f.severity;
  if (f.source) query.source = f.source as NonNullable<ListQuery['source']>;
  if (f.category) query.category = f.category;
  if (f.serviceArea) query.serviceAreaId = f.serviceArea;
  if (f.from) query.from = f.from;
  if (f.to) query.to = f.to;
  if (f.changed) query.changedSince = `${f.changed}T00:00:00+08:00`;
  if (f.sort === 'due') query.sort = 'due';
  return query;
}

/** How many filters are set beside the view and the words. */
export function narrowed(f: OrderFilters): number {
  return [f.state.length > 0, f.severity, f.source, f.category, f.serviceArea, f.from, f.to, f.changed].filter(Boolean).length;
}
