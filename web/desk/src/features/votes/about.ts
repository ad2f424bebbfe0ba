import { useRoute } from 'vue-router';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useFormat } from '@redproperty/shared/format/use-format';
import { plain } from '@redproperty/shared/renovation/renovation';

import { useT } from '@/texts';

import { newDraft, newItem, type Draft, type ItemDraft } from './draft';

/** What another page of the desk wants voted on. */
export interface Wanted extends Pick<ItemDraft, 'matter' | 'title' | 'content'> {
  /** The estate or the service area that it lies in, and the parts of it; none are the whole. */
  areaId: string;
  parts: Schemas['RenovationPart'][];
  reason: string;
  subject: { subjectKind: 'renovation' | 'fund'; subjectId: string };
}

/** A vote has one place: the owners of several buildings cannot decide in it without the rest. */
export const votable = (parts: unknown[] | null | undefined): boolean => (parts?.length ?? 0) <= 1;

/** A vote about what is wanted, by exactly the owners concerned; `home` is the service area of the building, where there is one. */
export function draftFor(wanted: Wanted, areas: Schemas['ServiceArea'][], home: string | undefined): Draft {
  const [part] = wanted.parts;
  const estate = areas.find((a) => a.estateId === wanted.areaId);
  return {
    ...newDraft(home ?? estate?.id ?? wanted.areaId), title: wanted.title, reason: [...wanted.reason].slice(0, 2000).join(''),
    ...(part ? { scope: part.entrance ? 'entrance' : 'building', buildingId: part.buildingId, entrance: part.entrance ?? '' } : { scope: estate ? 'estate' : 'service_area' }),
    items: [{ ...newItem(), matter: wanted.matter, title: wanted.title, content: wanted.content, subject: { ...wanted.subject, subjectOption: 1 } }],
  };
}

/** Begins a vote about an item of a renovation or about a request for maintenance money, where the address of the page names one. */
export function useAbout() {
  const t = useT();
  const api = useApi();
  const route = useRoute();
  const { money } = useFormat();
  const query = (name: string) => { const v = route.query[name]; return typeof v === 'string' ? v : ''; };

  async function item(signal: AbortSignal): Promise<Wanted | undefined> {
    const p = await take(api.GET('/api/v1/renovations/{renovationId}', { params: { path: { renovationId: query('renovation') } }, signal }));
    const i = p.items?.find((x) => x.id === query('item'));
    return i && {
      areaId: p.areaId, parts: i.parts ?? [], matter: i.decisionItem, title: i.title, reason: p.why, subject: { subjectKind: 'renovation', subjectId: i.id },
      content: [i.detail, t('votes.about.item', { project: p.name, n: p.planNumber, quantity: t(`works.unit.${i.unit}`, { n: plain(i.quantity) }), budget: money(i.budgetFen) })].filter(Boolean).join('\n'),
    };
  }
  async function fund(signal: AbortSignal): Promise<Wanted> {
    const f = await take(api.GET('/api/v1/fund-requests/{fundRequestId}', { params: { path: { fundRequestId: query('fund') } }, signal }));
    return { areaId: f.serviceAreaId, parts: f.parts ?? [], matter: 5, title: f.title, reason: f.why, subject: { subjectKind: 'fund', subjectId: f.id }, content: `${f.why}\n${t('votes.about.fund', { firm: f.firmName, budget: money(f.budgetFen) })}` };
  }

  return async (areas: Schemas['ServiceArea'][], signal: AbortSignal): Promise<Draft | undefined> => {
    const wanted = query('item') ? await item(signal) : query('fund') ? await fund(signal) : undefined;
    if (!wanted || !votable(wanted.parts)) return undefined;
    const [part] = wanted.parts;
    const building = part && (await take(api.GET('/api/v1/buildings/{buildingId}', { params: { path: { buildingId: part.buildingId } }, signal })));
    return draftFor(wanted, areas, building?.serviceAreaId);
  };
}
