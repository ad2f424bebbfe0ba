import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { reasons, sources } from '@redproperty/shared/renovation/renovation';

import { toHundredths } from '@/features/contracts/hundredths';
import type { Ask, AskField } from '@/parts/ask';
import { today } from '@/parts/moment';
import { useT } from '@/texts';

import { organisationsOf, type Item, type Project } from './project';
import { askingFor, type Purpose } from './surveys';

type Values = Record<string, string>;
type Line = Schemas['RenovationLine'];
type Milestone = Schemas['Milestone'];

/** The steps of a project as dialogs ask them: what will happen, what they need, and how they are sent. */
export function useSteps() {
  const t = useT();
  const api = useApi();
  const path = (p: Project) => ({ renovationId: p.id });
  const day = (name: string, label: string, initial = today()): AskField => ({ name, kind: 'date', label, initial });
  const line = (name: string, label: string, most: number, optional = false): AskField => ({ name, kind: 'line', label, most, optional });
  const words = (name: string, label: string, most: number, optional = false): AskField => ({ name, kind: 'text', label, most, optional });
  const number = (name: string, label: string, initial = ''): AskField => ({ name, kind: 'number', label, most: 15, initial, check: (v) => (toHundredths(v) === undefined ? t('renovation.ask.number') : undefined) });
  const amount = (name: string, label: string): AskField => ({ ...number(name, label), check: (v) => (toHundredths(v) ? undefined : t('renovation.ask.positive')) });
  const items = (p: Project): AskField => ({ name: 'itemId', kind: 'select', label: t('renovation.ask.item'), optional: true, options: (p.items ?? []).map((i) => ({ value: i.id, label: i.title })) });
  const papers = (p: Project, optional: boolean): AskField => ({ name: 'document', kind: 'select', label: t('renovation.ask.document'), hint: t('renovation.ask.documentHint'), optional, options: (p.documents ?? []).map((d) => ({ value: d.hash, label: d.name })) });
  const hundredths = (v: Values, name: string) => toHundredths(v[name] ?? '') ?? 0;
  const only = (v: Values, ...names: string[]) => Object.fromEntries(names.flatMap((n) => (v[n]?.trim() ? [[n, v[n]]] : [])));

  return {
    advance: (p: Project): Ask => {
      const stage = p.next!.stage as 'wishes';
      return { title: t('renovation.step.advance', { stage: t(`works.stage.${stage}`) }), action: t('renovation.step.begin'), will: t('renovation.will.advance'), send: ({ headers }) => take(api.POST('/api/v1/renovations/{renovationId}/advance', { params: { path: path(p) }, headers: { ...headers, 'If-Match': `"${p.version}"` }, body: { stage } })) };
    },
    withdraw: (p: Project): Ask => ({ title: t('renovation.step.withdraw'), action: t('renovation.step.withdraw'), will: t('renovation.will.withdraw'), danger: true, fields: [words('reason', t('renovation.ask.reason'), 1000)], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/withdraw', { params: { path: path(p) }, headers: { ...headers, 'If-Match': `"${p.version}"` }, body: { reason: v['reason'] ?? '' } })) }),
    survey: async (p: Project, purpose: Purpose): Promise<Ask> => {
      const { rounds } = await askingFor(api, p, purpose);
      return { title: t(`renovation.survey.${purpose}`), action: t('action.save'), will: t('renovation.will.survey'), fields: [{ name: 'roundId', kind: 'select', label: t('renovation.ask.round'), optional: true, options: rounds.map((r) => ({ value: r.id, label: r.title })) }, papers(p, true)],
        send: ({ headers }, v) => take(api.PUT('/api/v1/renovations/{renovationId}/surveys/{purpose}', { params: { path: { ...path(p), purpose } }, headers, body: only(v, 'roundId', 'document') })) };
    },
    addLine: (p: Project): Ask => ({ title: t('renovation.step.addLine'), action: t('action.save'), fields: [{ name: 'source', kind: 'select', label: t('renovation.ask.source'), options: sources.map((s) => ({ value: s, label: t(`works.source.${s}`) })) }, { ...line('payer', t('renovation.ask.payer'), 100, true), hint: t('renovation.ask.payerHint') }, amount('plannedFen', t('renovation.ask.planned')), items(p), { ...line('reference', t('renovation.ask.basis'), 100), hint: t('renovation.ask.basisHint') }, day('on', t('renovation.ask.on'))],
      send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/funding', { params: { path: path(p) }, headers, body: { source: v['source'] as Line['source'], plannedFen: hundredths(v, 'plannedFen'), reference: v['reference'] ?? '', on: v['on'] ?? '', ...only(v, 'payer', 'itemId') } })) }),
    enter: (p: Project, l: Line): Ask => {
      const kinds = ['approved', 'received', 'paid', 'returned', 'planned'] as const;
      return { title: t('renovation.step.enter', { source: t(`works.source.${l.source}`) }), action: t('renovation.step.book'), will: t('renovation.will.enter'), fields: [{ name: 'kind', kind: 'choice', label: t('renovation.ask.kind'), options: kinds.map((k) => ({ value: k, label: t(`works.entry.${k}`) })), initial: 'approved' }, amount('fen', t('renovation.ask.amount')), line('reference', t('renovation.ask.reference'), 100), day('on', t('renovation.ask.on')), { ...items(p), hint: t('renovation.ask.paidItem') }, line('note', t('renovation.ask.note'), 500, true)],
        send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/funding/{fundingId}/entries', { params: { path: { ...path(p), fundingId: l.id } }, headers, body: { kind: v['kind'] as 'paid', fen: hundredths(v, 'fen'), reference: v['reference'] ?? '', on: v['on'] ?? '', ...only(v, 'itemId', 'note') } })) };
    },
    reverse: (p: Project, e: Schemas['Entry']): Ask => ({ title: t('renovation.step.reverse'), action: t('renovation.step.reverse'), danger: true, will: t('renovation.will.reverse', { reference: e.reference }), fields: [words('reason', t('renovation.ask.reason'), 500)], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/funding/{fundingId}/entries/{entryId}/reverse', { params: { path: { ...path(p), fundingId: e.fundingId, entryId: e.id } }, headers, body: { reason: v['reason'] ?? '' } })) }),
    allocate: (p: Project, l: Line): Ask => ({ title: t('renovation.step.allocate'), action: t('renovation.step.allocate'), will: t('renovation.will.allocate'), send: ({ headers }) => take(api.POST('/api/v1/renovations/{renovationId}/funding/{fundingId}/allocation', { params: { path: { ...path(p), fundingId: l.id } }, headers })) }),
    tender: async (p: Project): Promise<Ask> => ({ title: t('renovation.step.tender'), action: t('action.save'), will: t(p.formerContracts?.length ? 'renovation.will.follows' : 'renovation.will.tender'), fields: [{ name: 'contractorId', kind: 'select', label: t('renovation.ask.contractor'), options: await organisationsOf(api, ['contractor', 'company', 'utility']) }, line('reference', t('renovation.ask.tenderNumber'), 100), day('on', t('renovation.ask.tenderOn')), amount('priceFen', t('renovation.ask.price'))],
      send: ({ headers }, v) => take(api.PUT('/api/v1/renovations/{renovationId}/contractor', { params: { path: path(p) }, headers, body: { contractorId: v['contractorId'] ?? '', reference: v['reference'] ?? '', on: v['on'] ?? '', priceFen: hundredths(v, 'priceFen') } })) }),
    endContract: (p: Project): Ask => ({ title: t('renovation.step.end'), action: t('renovation.step.end'), danger: true, will: t('renovation.will.end'), fields: [day('on', t('renovation.ask.endedOn')), { ...number('settledFen', t('renovation.ask.settled')), hint: t('renovation.ask.settledHint') }, words('reason', t('renovation.ask.reason'), 1000), papers(p, true)],
      send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/contractor/end', { params: { path: path(p) }, headers, body: { on: v['on'] ?? '', settledFen: hundredths(v, 'settledFen'), reason: v['reason'] ?? '', ...only(v, 'document') } })) }),
    confirm: (p: Project, s: Schemas['Supervisor']): Ask => ({ title: t('renovation.step.confirm', { name: s.name ?? '' }), action: t('action.confirm'), will: t('renovation.will.confirm'), send: ({ headers }) => take(api.POST('/api/v1/renovations/{renovationId}/supervisors/{supervisorId}/confirm', { params: { path: { ...path(p), supervisorId: s.id } }, headers })) }),
    dismiss: (p: Project, s: Schemas['Supervisor']): Ask => ({ title: t('renovation.step.dismiss', { name: s.name ?? '' }), action: t('action.confirm'), danger: true, fields: [line('reason', t('renovation.ask.reason'), 200)], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/supervisors/{supervisorId}/end', { params: { path: { ...path(p), supervisorId: s.id } }, headers, body: { reason: v['reason'] ?? '' } })) }),
    milestone: (p: Project): Ask => ({ title: t('renovation.step.milestone'), action: t('action.save'), fields: [line('title', t('renovation.ask.title'), 100), day('plannedOn', t('renovation.time.planned'), ''), items(p)], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/milestones', { params: { path: path(p) }, headers, body: { title: v['title'] ?? '', plannedOn: v['plannedOn'] ?? '', ...only(v, 'itemId') } })) }),
    reach: (p: Project, m: Milestone): Ask => ({ title: t('renovation.step.reach', { title: m.title }), action: t('action.save'), fields: [day('on', t('renovation.time.actual'))], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/milestones/{milestoneId}/reach', { params: { path: { ...path(p), milestoneId: m.id } }, headers, body: { on: v['on'] ?? '' } })) }),
    delay: (p: Project, m: Milestone): Ask => ({ title: t('renovation.step.delay', { title: m.title }), action: t('action.save'), will: t('renovation.will.delay'), fields: [day('toOn', t('renovation.time.forecast'), ''), { name: 'reason', kind: 'select', label: t('renovation.ask.delayReason'), options: reasons.map((r) => ({ value: r, label: t(`works.reason.${r}`) })) }, words('words', t('renovation.ask.words'), 1000, true)],
      send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/milestones/{milestoneId}/delays', { params: { path: { ...path(p), milestoneId: m.id } }, headers, body: { toOn: v['toOn'] ?? '', reason: v['reason'] as 'weather', ...only(v, 'words') } })) }),
    measure: (p: Project, i: Item): Ask => ({ title: t('renovation.step.measure', { title: i.title }), action: t('action.save'), will: t('renovation.will.measure'), fields: [number('quantity', t('renovation.ask.built', { unit: t(`works.measure.${i.unit as 'm'}`) })), day('on', t('renovation.ask.on')), line('note', t('renovation.ask.note'), 1000, true)],
      send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/items/{itemId}/progress', { params: { path: { ...path(p), itemId: i.id } }, headers, body: { quantity: hundredths(v, 'quantity'), on: v['on'] ?? '', ...only(v, 'note') } })) }),
    find: (p: Project): Ask => ({ title: t('renovation.step.find'), action: t('renovation.step.find'), will: t('renovation.will.find'), fields: [{ name: 'kind', kind: 'choice', label: t('renovation.ask.kind'), options: (['safety', 'quality', 'defect'] as const).map((k) => ({ value: k, label: t(`works.finding.${k}`) })), initial: 'quality' }, line('title', t('renovation.ask.title'), 100), words('words', t('renovation.ask.words'), 2000, true), items(p)],
      send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/findings', { params: { path: path(p) }, headers, body: { kind: v['kind'] as 'safety', title: v['title'] ?? '', ...only(v, 'words', 'itemId') } })) }),
    diary: (p: Project): Ask => ({ title: t('renovation.step.diary'), action: t('action.save'), will: t('renovation.will.diary'), fields: [day('on', t('renovation.ask.on')), words('words', t('renovation.ask.words'), 2000)], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/diary', { params: { path: path(p) }, headers, body: { on: v['on'] ?? '', words: v['words'] ?? '' } })) }),
    check: (p: Project, i: Item, code: string, name: string): Ask => ({ title: name, action: t('action.save'), will: t('renovation.will.check'), fields: [{ name: 'result', kind: 'choice', label: t('renovation.ask.result'), options: (['pass', 'fail', 'not_applicable'] as const).map((r) => ({ value: r, label: t(`works.result.${r}`) })), initial: 'pass' }, words('note', t('renovation.ask.found'), 500, true)],
      send: ({ headers }, v) => take(api.PUT('/api/v1/renovations/{renovationId}/items/{itemId}/checks', { params: { path: { ...path(p), itemId: i.id } }, headers, body: { code, result: v['result'] as 'pass', ...only(v, 'note') } })) }),
    sign: (p: Project, i: Item): Ask => ({ title: t('renovation.step.sign', { title: i.title }), action: t('renovation.step.signIt'), will: t('renovation.will.sign'), fields: [words('words', t('renovation.ask.words'), 1000, true), ...(p.documents?.length ? [papers(p, true)] : [])], send: ({ headers }, v) => take(api.POST('/api/v1/renovations/{renovationId}/items/{itemId}/signatures', { params: { path: { ...path(p), itemId: i.id } }, headers, body: only(v, 'words', 'document') })) }),
    answer: (p: Project, r: Schemas['RenovationRemark']): Ask => ({ title: t('renovation.step.answer'), action: t('action.send'), will: r.words, fields: [words('answer', t('renovation.ask.answer'), 1000)], send: async ({ headers }, v) => { await take(api.POST('/api/v1/renovations/{renovationId}/remarks/{remarkId}/answer', { params: { path: { ...path(p), remarkId: r.id } }, headers, body: { answer: v['answer'] ?? '' } })); } }),
  };
}

/** Adds a file: a document of the project. */
export function addDocument(api: Api, p: Project, file: File, headers: { 'Idempotency-Key': string }): Promise<Schemas['RenovationDocument']> {
  const form = new FormData();
  form.append('file', file);
  return take(api.POST('/api/v1/renovations/{renovationId}/documents', { params: { path: { renovationId: p.id } }, body: { file: file.name }, bodySerializer: () => form, headers }));
}
