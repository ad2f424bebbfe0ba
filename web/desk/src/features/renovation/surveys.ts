import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

import { all } from '@/features/places/tree';

import type { Project } from './project';

export type Purpose = 'wishes' | 'completion' | 'one_year';

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
