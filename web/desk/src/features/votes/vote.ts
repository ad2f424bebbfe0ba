import type { Schemas } from '@redproperty/shared/api/client';

export type Vote = Schemas['Seen'];
type Row = Pick<Vote, 'state' | 'opensAt' | 'closesAt'> & Partial<Pick<Vote, 'publishBy' | 'postedUntil'>>;

/** The way of a vote that runs through, in its order. */
export const way = ['proposed', 'announced', 'roll_posted', 'open', 'closed', 'counted', 'published', 'effective'] as const;

/** Where on its way a vote is; an extension is still open, an order is about something published. */
export function stepOf(state: Vote['state']): number {
  const at = { extended: 'open', ordered: 'published', revoked: 'published', cancelled: 'proposed' } as const;
  return way.indexOf((at as Partial<Record<Vote['state'], (typeof way)[number]>>)[state] ?? (state as (typeof way)[number]));
}

export const taking = (v: Pick<Vote, 'state'>): boolean => v.state === 'open' || v.state === 'extended';
export const rolled = (v: Pick<Vote, 'rollHash'>): boolean => v.rollHash !== undefined;
export const shown = (v: Pick<Vote, 'state'>): boolean => ['published', 'effective', 'ordered', 'revoked'].includes(v.state);
export const counted = (v: Pick<Vote, 'state'>): boolean => v.state === 'counted' || shown(v);

/** What comes next and by when; a publication that is due is named late by who asks. */
export function due(v: Row): ['support' | 'opens' | 'closes' | 'publish' | 'posted', string] | undefined {
  if (v.state === 'proposed') return ['support', ''];
  if ((v.state === 'announced' || v.state === 'roll_posted') && v.opensAt) return ['opens', v.opensAt];
  if (taking(v) && v.closesAt) return ['closes', v.closesAt];
  if ((v.state === 'closed' || v.state === 'counted') && v.publishBy) return ['publish', v.publishBy];
  if (v.state === 'published' && v.postedUntil) return ['posted', v.postedUntil];
  return undefined;
}

/** A figure of the procedure. */
export const figure = (v: Vote, name: string): number => v.demands.figures?.find((f) => f.name === name)?.value ?? 0;
