import { useI18n } from 'vue-i18n';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { useSession } from '@redproperty/shared/session/session';

import { all } from '@/features/places/tree';

export type Project = Schemas['RenovationView'];
export type Item = Schemas['ItemView'];
export type Dictionary = Schemas['Dictionary'];

/** The permission that each step of a project wants; the stage it wants is known by the server. */
const permissionOf: Record<string, string> = {
  edit: 'renovation.manage', advance: 'renovation.manage', withdraw: 'renovation.manage', link_survey: 'renovation.manage', publish_plan: 'renovation.manage', attach: 'renovation.document', record_consent: 'renovation.consent',
  add_funding: 'renovation.fund', enter_amount: 'renovation.fund', reverse_amount: 'renovation.fund', allocate: 'renovation.fund', choose_contractor: 'renovation.manage', end_contract: 'renovation.manage', confirm_supervisor: 'renovation.consent', end_supervisor: 'renovation.consent',
  add_milestone: 'renovation.manage', reach_milestone: 'renovation.work', delay_milestone: 'renovation.work', measure: 'renovation.work', record_finding: 'renovation.inspect', write_diary: 'renovation.work', check_item: 'renovation.inspect', sign_item: 'renovation.sign', answer_remark: 'renovation.answer',
};

/** Whether a step is possible in this stage and the person's to take. */
export function useMay() {
  const session = useSession();
  return (p: Project, step: string): boolean => (p.steps?.includes(step) ?? false) && session.can(permissionOf[step] ?? '');
}

/** A name of the rules in the language that is shown. */
export function useRuleText() {
  const { locale } = useI18n();
  return (text: Schemas['RulesText'] | undefined): string => (text ? (locale.value === 'en' ? text.en : text.zh) : '');
}

/** Whether a cost is so far above what was decided that it needs another decision: both bounds of the rule are passed. */
export function exceeded(d: Pick<Dictionary, 'overrunFen' | 'overrunPercent'>, budget: number, cost: number): boolean {
  const over = BigInt(cost) - BigInt(budget);
  return over > BigInt(d.overrunFen) && over * 100n > BigInt(budget) * BigInt(d.overrunPercent);
}

/** A building, or an entrance of it, with its name. */
export interface Block { id: string; name: string }

/** The buildings of an estate or a service area; where it has several, each has a 1号楼 of its own. */
export async function blocksOf(api: Api, areas: Schemas['ServiceArea'][], areaId: string, signal: AbortSignal): Promise<Block[]> {
  const within = areas.filter((a) => a.id === areaId || a.estateId === areaId);
  const found = await Promise.all(within.map((a) => all((cursor) => take(api.GET('/api/v1/service-areas/{serviceAreaId}/buildings', { params: { path: { serviceAreaId: a.id }, query: { cursor, limit: 200 } }, signal })))));
  return found.flatMap((buildings, i) => buildings.map((b) => ({ id: b.id, name: within.length > 1 ? `${within[i]!.name} ${b.name}` : b.name })));
}

/** The party that an organisation's person signs an item for, where none of it has signed: as the server tells them. */
export function signsFor(p: Pick<Project, 'contractorId'>, i: Pick<Item, 'takeover' | 'utilityId' | 'signatures'>, capacities: { organisation?: string; role: string }[]): 'contractor' | 'sponsor' | 'utility' | undefined {
  const open = (party: string) => !(i.signatures ?? []).some((s) => s.party === party);
  const of = (c: { organisation?: string; role: string }) => (p.contractorId && c.organisation === p.contractorId ? 'contractor' : c.role === 'street_office' || c.role === 'community' ? 'sponsor' : i.takeover && i.utilityId && c.organisation === i.utilityId ? 'utility' : undefined);
  return capacities.map(of).find((party) => party !== undefined && open(party));
}

/** The organisations of some kinds, for a choice. */
export async function organisationsOf(api: Api, kinds: Schemas['Card']['kind'][]): Promise<{ value: string; label: string }[]> {
  const found = await Promise.all(kinds.map((kind) => all((cursor) => take(api.GET('/api/v1/directory/organisations', { params: { query: { kind: kind as 'company', cursor, limit: 100 } } })))));
  return found.flat().map((o) => ({ value: o.id, label: o.name }));
}
