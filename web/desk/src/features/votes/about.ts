import { useRoute } from 'vue-router';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useFormat } from '@redproperty/shared/format/use-format';
import { plain } from '@redproperty/shared/renovation/renovation';

import { useT } from '@/texts';

import { newDraft, newItem, type Draft, type ItemDraft } from './draft';

/** What another page of the desk wants voted on. */
export interface Wanted {
  title: string;
  /** What is decided, by the same owners. */
  items: (Pick<ItemDraft, 'matter' | 'title' | 'content'> & { subject: { subjectKind: 'renovation' | 'fund'; subjectId: string } })[];
  /** The estate or the service area that it lies in, and the parts of it; none are the whole. */
  areaId: string;
  parts: Schemas['RenovationPart'][];
  reason: string;
}

/** A vote has one place: the owners of several buildings cannot decide in it without the rest. */
export const votable = (parts: unknown[] | null | undefined): boolean => (parts?.length ?? 0) <= 1;

type Parts = Schemas['RenovationPart'][] | null | undefined;

/** Whether two matters concern the same owners. */
export function sameParts(a: Parts, b: Parts): boolean {
  const key = (parts: Parts) => (parts ?? []).map((p) => `${p.buildingId}/${p.entrance ?? ''}`).sort().join();
  return key(a) === key(b);
}

/** A vote about what is wanted, by exactly the owners concerned; `home` is the service area of the building, where there is one. */
export function draftFor(wanted: Wanted, areas: Schemas['ServiceArea'][], home: string | undefined): Draft {
  const [part] = wanted.parts;
  const estate = areas.find((a) => a.estateId === wanted.areaId);
  return {
    ...newDraft(home ?? estate?.id ?? wanted.areaId), title: wanted.title, reason: [...wanted.reason].slice(0, 2000).join(''),
    ...(part ? { scope: part.entrance ? 'entrance' : 'building', buildingId: part.buildingId, entrance: part.entrance ?? '' } : { scope: estate ? 'estate' : 'service_area' }),
    items: wanted.items.map((i) => ({ ...newItem(), matter: i.matter, title: i.title, content: i.content, subject: { ...i.subject, subjectOption: 1 } })),
  };
}

/** Begins a vote about items of a renovation, or about a request for maintenance money, where the address of the page names one. */
export function useAbout() {
  const t = useT();
  const api = useApi();
  const route = useRoute();
  const { money } = useFormat();
  const asked = (name: string) => [route.query[name]].flat().filter((v): v is string => typeof v === 'string' && v !== '');
  const query = (name: string) => asked(name)[0] ?? '';

  /** Items that the same owners decide on: those of other parts than the first are left out. */
  async function items(signal: AbortSignal): Promise<Wanted | undefined> {
    const p = await take(api.GET('/api/v1/renovations/{renovationId}', { params: { path: { renovationId: query('renovation') } }, signal }));
    const [first, ...rest] = (p.items ?? []).filter((x) => asked('item').includes(x.id));
    if (!first) return undefined;
    const all = [first, ...rest.filter((x) => sameParts(x.parts, first.parts))];
    return {
      areaId: p.areaId, parts: first.parts ?? [], reason: p.why, title: all.length > 1 ? p.name : first.title,
      items: all.map((i) => ({
        matter: i.decisionItem, title: i.title, subject: { subjectKind: 'renovation', subjectId: i.id },
        content: [i.detail, t('votes.about.item', { project: p.name, n: p.planNumber, quantity: t(`works.unit.${i.unit}`, { n: plain(i.quantity) }), budget: money(i.budgetFen) })].filter(Boolean).join('\n'),
      })),
    };
  }
  async function fund(signal: AbortSignal): Promise<Wanted> {
    const f = await take(api.GET('/api/v1/fund-requests/{fundRequestId}', { params: { path: { fundRequestId: query('fund') } }, signal }));
    return { areaId: f.serviceAreaId, parts: f.parts ?? [], title: f.title, reason: f.why, items: [{ matter: 5, title: f.title, subject: { subjectKind: 'fund', subjectId: f.id }, content: `${f.why}\n${t('votes.about.fund', { firm: f.firmName, budget: money(f.budgetFen) })}` }] };
  }

  return async (areas: Schemas['ServiceArea'][], signal: AbortSignal): Promise<Draft | undefined> => {
    const wanted = query('item') ? await items(signal) : query('fund') ? await fund(signal) : undefined;
    if (!wanted || !votable(wanted.parts)) return undefined;
    const [part] = wanted.parts;
    const building = part && (await take(api.GET('/api/v1/buildings/{buildingId}', { params: { path: { buildingId: part.buildingId } }, signal })));
    return draftFor(wanted, areas, building?.serviceAreaId);
  };
}
