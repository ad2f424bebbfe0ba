import type { LocationQuery, LocationQueryRaw } from 'vue-router';

import type { Paths, Schemas } from '@redproperty/shared/api/client';

import { instantOf, today } from '@/parts/moment';

export type RatesQuery = Paths['/api/v1/reports/rates']['get']['parameters']['query'];
export type Dimension = NonNullable<RatesQuery['dimension']>;
export type Measure = Paths['/api/v1/reports/rates/{cell}/orders']['get']['parameters']['query']['measure'];
export type Cell = Schemas['CellView'];

export const dimensions: readonly Dimension[] = ['total', 'month', 'community', 'company', 'project', 'service_area', 'estate', 'category'];

/** The month in China. */
export function monthOf(now: number): string {
  return today(now).slice(0, 7);
}

/** The month before, as 2026-11. */
export function monthBefore(month: string): string {
  const [year, m] = month.split('-').map(Number) as [number, number];
  return m === 1 ? `${year - 1}-12` : `${year}-${String(m - 1).padStart(2, '0')}`;
}

/** What is asked for; kept in the page's address. */
export interface Asked {
  month: string;
  months: number;
  dimension: Dimension;
  areaId: string;
  asOf: string;
  category: string;
  source: string;
}

const one = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value[0] : value) ?? '';

export function fromQuery(query: LocationQuery, now: number): Asked {
  const month = one(query['month']);
  const months = Number(one(query['months']));
  return {
    month: /^\d{4}-(?:0[1-9]|1[0-2])$/.test(month) ? month : monthOf(now), months: Number.isInteger(months) && months >= 1 && months <= 24 ? months : 1,
    dimension: dimensions.find((d) => d === one(query['by'])) ?? 'company', areaId: one(query['area']), asOf: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(one(query['asOf'])) ? one(query['asOf']) : '', category: one(query['category']), source: one(query['source']),
  };
}

export function toQuery(a: Asked, tab: string): LocationQueryRaw {
  const all = { tab: tab === 'live' ? '' : tab, month: a.month, months: a.months === 1 ? '' : String(a.months), by: a.dimension === 'company' ? '' : a.dimension, area: a.areaId, asOf: a.asOf, category: a.category, source: a.source };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== ''));
}

/** The question to the API, the grouping left out where `grouped` is false. */
export function toRequest(a: Asked): Omit<RatesQuery, 'dimension'> {
  return {
    month: a.month, ...(a.months > 1 ? { months: a.months } : {}), ...(a.areaId ? { areaId: a.areaId } : {}), ...(a.asOf ? { asOf: instantOf(a.asOf)! } : {}), ...(a.category ? { category: a.category } : {}),
    ...(a.source ? { source: a.source as NonNullable<RatesQuery['source']> } : {}),
  };
}
