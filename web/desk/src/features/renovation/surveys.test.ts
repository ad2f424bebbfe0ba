import { describe, expect, it } from 'vitest';

import type { Api, Schemas } from '@redproperty/shared/api/client';

import type { Project } from './project';
import { aboutOf, areasOf, askingFor, wantedRound } from './surveys';

/** Answers reads from a table of paths. */
function answering(table: Record<string, unknown>): Api {
  const GET = (path: string, { params }: { params: { path?: Record<string, string> } }) => Promise.resolve({ data: table[path.replace(/\{(\w+)\}/, (_, name: string) => params.path?.[name] ?? '')], response: new Response() });
  return { GET } as unknown as Api;
}

describe('the surveys of a renovation', () => {
  it('are the rounds of published questionnaires from the template that the place names', async () => {
    const api = answering({
      '/api/v1/renovation-dictionary': { wishesTemplate: 'wishes', resultTemplate: 'result' },
      '/api/v1/survey-forms': { items: [{ id: 'a', template: 'wishes', state: 'published' }, { id: 'b', template: 'wishes', state: 'draft' }, { id: 'c', template: 'result', state: 'published' }, { id: 'd', template: 'service', state: 'published' }] },
      '/api/v1/survey-rounds': { items: [{ id: '1', formId: 'a', state: 'open' }, { id: '2', formId: 'c', state: 'published' }, { id: '3', formId: 'd', state: 'open' }, { id: '4', formId: 'a', state: 'cancelled' }] },
    });
    const found = async (purpose: 'wishes' | 'completion' | 'one_year') => { const x = await askingFor(api, { areaId: 'estate' } as Project, purpose); return [x.template, x.forms.map((f) => f.id), x.rounds.map((r) => r.id)]; };
    expect(await found('wishes')).toEqual(['wishes', ['a'], ['1']]);
    expect(await found('completion')).toEqual(['result', ['c'], ['2']]);
    expect(await found('one_year')).toEqual(['result', ['c'], ['2']]);
  });

  it('ask where something is done', async () => {
    const areas = [{ id: 'phase-1', estateId: 'estate' }, { id: 'phase-2', estateId: 'estate' }, { id: 'other', estateId: 'elsewhere' }] as Schemas['ServiceArea'][];
    const api = answering({ '/api/v1/buildings/x': { serviceAreaId: 'phase-2' }, '/api/v1/buildings/y': { serviceAreaId: 'phase-2' } });
    const project = (areaId: string, ...blocks: string[]) => ({ areaId, parts: blocks.map((buildingId) => ({ buildingId })) }) as Project;
    expect(await areasOf(api, project('estate'), areas)).toEqual(['phase-1', 'phase-2']);
    expect(await areasOf(api, project('phase-1'), areas)).toEqual(['phase-1']);
    expect(await areasOf(api, project('estate', 'x', 'y', 'x'), areas)).toEqual(['phase-2']);
  });
  it('come back from their making tied to what the project asks', async () => {
    const about = aboutOf({ form: 'x', renovation: 'p', purpose: 'completion' });
    expect(about).toEqual({ renovation: 'p', purpose: 'completion' });
    expect(aboutOf({ renovation: 'p', purpose: 'whatever' })).toBeUndefined();
    const sent: unknown[] = [];
    const api = { ...answering({ '/api/v1/renovations/p': { id: 'p', areaId: 'estate', parts: [] } }), PUT: (path: string, { params, body }: { params: { path: unknown }; body: unknown }) => { sent.push([path, params.path, body]); return Promise.resolve({ data: {}, response: new Response() }); } } as unknown as Api;
    const wanted = await wantedRound(api, about!, [{ id: 'phase-1', estateId: 'estate' }] as Schemas['ServiceArea'][], new AbortController().signal);
    expect([wanted.purpose, wanted.areas]).toEqual(['completion', ['phase-1']]);
    await wanted.tie('r', { 'Idempotency-Key': 'k' });
    expect(sent).toEqual([['/api/v1/renovations/{renovationId}/surveys/{purpose}', { renovationId: 'p', purpose: 'completion' }, { roundId: 'r' }]]);
  });
});
