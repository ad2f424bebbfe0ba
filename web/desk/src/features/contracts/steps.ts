import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

import type { AskField } from '@/parts/ask';
import { today } from '@/parts/moment';

import { type ButtonStep, type ContractView } from './contract';
import { periodParams, periodUnits } from './terms';

/** Steps that are taken in a dialog. The owners' decision has one of its own, the terms a page. */
export type DialogStep = Exclude<ButtonStep, 'replace' | 'record_decision'>;
type Values = Record<string, string>;
type Headers = { 'Idempotency-Key': string };
/** Names for labels and codes. */
export interface Say {
  label(field: string): string;
  named(path: string, code: string): string;
}

const choices = (say: Say, path: string, codes: readonly string[]) => codes.map((value) => ({ value, label: say.named(path, value) }));
const documents = (c: ContractView) => (c.documents ?? []).map((d) => ({ value: d.hash, label: d.name }));
/** Kinds of notice that fit the state, and who gives them. */
const noticeKinds = (c: ContractView) => (c.state === 'indefinite' ? ['indefinite_end'] : ['owners_dismissal', ...(c.endsOn ? ['provider_non_renewal'] : [])]);
const sideOf = (v: Values): 'company' | 'owners' => (v['kind'] === 'owners_dismissal' ? 'owners' : v['kind'] === 'provider_non_renewal' ? 'company' : (v['side'] as 'owners'));

/** What a step asks. */
export function fieldsOf(step: DialogStep, c: ContractView, say: Say): AskField[] {
  const day = (name: string): AskField => ({ name, kind: 'date', label: say.label(name), initial: today() });
  const paper = (optional: boolean, hint: string): AskField => ({ name: 'document', kind: 'select', label: say.label('document'), options: documents(c), hint, optional });
  switch (step) {
    case 'file': return [day('filedOn'), { name: 'number', kind: 'line', label: say.label('filingNumber'), most: 60 }];
    case 'record_continuation': return [{ name: 'basis', kind: 'line', label: say.label('basis'), most: 300 }];
    case 'set_period': return [
      { name: 'param', kind: 'select', label: say.label('param'), options: choices(say, 'param', periodParams) },
      { name: 'count', kind: 'line', label: say.label('count'), most: 4 },
      { name: 'unit', kind: 'select', label: say.label('unit'), options: choices(say, 'periodUnit', periodUnits), initial: 'calendar_days' },
      { name: 'clause', kind: 'line', label: say.label('clause'), most: 200 },
    ];
    case 'notice': return [
      { name: 'kind', kind: 'choice', label: say.label('noticeKind'), options: choices(say, 'notice.kind', noticeKinds(c)), initial: noticeKinds(c)[0]! },
      ...(c.state === 'indefinite' ? [{ name: 'side', kind: 'choice' as const, label: say.label('side'), options: choices(say, 'side', ['company', 'owners']) }] : []),
      day('givenOn'), paper(false, say.label('documentHint')),
    ];
    case 'terminate': return [
      { name: 'ground', kind: 'choice', label: say.label('ground'), options: choices(say, 'ground', [...(c.notices?.length ? ['notice'] : []), 'agreement', 'judgment', 'abandoned']), initial: c.notices?.length ? 'notice' : 'agreement' },
      ...(c.notices?.length ? [{ name: 'noticeId', kind: 'select' as const, label: say.label('notice'), options: c.notices.map((n) => ({ value: n.id, label: `${say.named('notice.kind', n.kind)} ${n.givenOn}` })), hint: say.label('noticeHint'), optional: true, initial: c.notices[0]!.id }] : []),
      day('endedOn'), paper(true, say.label('endDocumentHint')),
    ];
    default: return [];
  }
}

/** Steps after which something ends. */
export const grave = new Set<ButtonStep>(['withdraw', 'terminate']);

export function send(step: DialogStep, api: Api, c: ContractView, v: Values, headers: Headers): Promise<ContractView> {
  const params = { path: { contractId: c.id } };
  const onVersion = { ...headers, 'If-Match': `"${c.version}"` };
  const document = v['document'] ? { document: v['document'] } : {};
  switch (step) {
    case 'sign': return take(api.POST('/api/v1/contracts/{contractId}/sign', { params, headers: onVersion }));
    case 'withdraw': return take(api.POST('/api/v1/contracts/{contractId}/withdraw', { params, headers: onVersion }));
    case 'confirm_start': return take(api.POST('/api/v1/contracts/{contractId}/confirm-start', { params, headers }));
    case 'bring_into_force': return take(api.POST('/api/v1/contracts/{contractId}/bring-into-force', { params, headers }));
    case 'record_continuation': return take(api.POST('/api/v1/contracts/{contractId}/continuation', { params, headers, body: { basis: v['basis'] ?? '' } }));
    case 'file': return take(api.PUT('/api/v1/contracts/{contractId}/filing', { params, headers, body: { filedOn: v['filedOn'] ?? '', number: v['number'] ?? '' } }));
    case 'set_period': return take(api.PUT('/api/v1/contracts/{contractId}/periods', { params, headers, body: { param: v['param'] as Schemas['Period']['param'], count: Number(v['count']) || 0, unit: v['unit'] as Schemas['Period']['unit'], clause: v['clause'] ?? '' } }));
    case 'notice': return take(api.POST('/api/v1/contracts/{contractId}/notices', { params, headers, body: { kind: v['kind'] as Schemas['Notice']['kind'], side: sideOf(v), givenOn: v['givenOn'] ?? '', document: v['document'] ?? '' } }));
    case 'terminate': return take(api.POST('/api/v1/contracts/{contractId}/terminate', {
      params, headers, body: { ground: v['ground'] as Schemas['Ending']['ground'], endedOn: v['endedOn'] ?? '', ...(v['ground'] === 'notice' ? (v['noticeId'] ? { noticeId: v['noticeId'] } : {}) : document) },
    }));
  }
}
