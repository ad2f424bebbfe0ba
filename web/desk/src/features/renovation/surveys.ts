import type { LocationQuery } from 'vue-router';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

import { all } from '@/features/places/tree';

import type { Project } from './project';

export const purposes = ['wishes', 'completion', 'one_year'] as const;
export type Purpose = (typeof purposes)[number];

/** What pages on the way from a project to its round hand on in their address: the project, and what residents are asked for. */
export type About = { renovation: string; purpose: Purpose };

export function aboutOf(query: LocationQuery): About | undefined {
  const purpose = purposes.find((p) => p === query['purpose']);
  return typeof query['renovation'] === 'string' && purpose ? { renovation: query['renovation'], purpose } : undefined;
}

/** How residents can be asked for a purpose of a project. */
export interface Asking {
  /** The template that the rules of the place name. */
  template: string;
  /** Published questionnaires made from it, the newest first. */
  forms: Schemas['Form'][];
  /** The rounds that ask one of them. */
  rounds: Schemas['Round'][];
}

export async function askingFor(api: Api, p: Project, purpose: Purpose): Promise<Asking> {
  const [rules, forms, rounds] = await Promise.all([
    take(api.GET('/api/v1/renovation-dictionary', { params: { query: { areaId: p.areaId } } })),
    all((cursor) => take(api.GET('/api/v1/survey-forms', { params: { query: { cursor, limit: 100 } } }))),
    all((cursor) => take(api.GET('/api/v1/survey-rounds', { params: { query: { cursor, limit: 100 } } }))),
  ]);
  const template = purpose === 'wishes' ? rules.wishesTemplate : rules.resultTemplate;
  const made = forms.filter((f) => f.template === template && f.state === 'published');
  return { template, forms: made, rounds: rounds.filter((r) => made.some((f) => f.id === r.formId) && r.state !== 'cancelled') };
}

/** The service areas of a project: those of its buildings, or all of its place. */
export async function areasOf(api: Api, p: Project, areas: Schemas['ServiceArea'][]): Promise<string[]> {
  const blocks = [...new Set((p.parts ?? []).map((x) => x.buildingId))];
  if (blocks.length === 0) return areas.filter((a) => a.id === p.areaId || a.estateId === p.areaId).map((a) => a.id);
  const found = await Promise.all(blocks.map((buildingId) => take(api.GET('/api/v1/buildings/{buildingId}', { params: { path: { buildingId } } }))));
  return [...new Set(found.map((b) => b.serviceAreaId))];
}

/** A round that a project asks for: what to begin it with, and how it is tied to the project once it is made. */
export interface Wanted { project: Project; purpose: Purpose; areas: string[]; /** The first day on which it may open, where it asks about the result. */ from: string | undefined; tie(roundId: string, headers: { 'Idempotency-Key': string }): Promise<void> }

export async function wantedRound(api: Api, about: About, areas: Schemas['ServiceArea'][], signal: AbortSignal): Promise<Wanted> {
  const path = { renovationId: about.renovation };
  const project = await take(api.GET('/api/v1/renovations/{renovationId}', { params: { path }, signal }));
  return {
    project, purpose: about.purpose, areas: await areasOf(api, project, areas), from: { wishes: undefined, completion: project.acceptedOn, one_year: project.yearSurveyFrom }[about.purpose],
    tie: async (roundId, headers) => { await take(api.PUT('/api/v1/renovations/{renovationId}/surveys/{purpose}', { params: { path: { ...path, purpose: about.purpose } }, headers, body: { roundId } })); },
  };
}
