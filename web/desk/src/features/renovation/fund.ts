import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useSession } from '@redproperty/shared/session/session';

import { toHundredths } from '@/features/contracts/hundredths';
import type { Ask } from '@/parts/ask';
import { today } from '@/parts/moment';
import { useT } from '@/texts';

export type Fund = Schemas['FundView'];

/** Steps with a dialog of their own kind; revising has a page, the owners' decision a form of its own. */
const dialogs = ['verify', 'settle', 'post', 'draw', 'withdraw'] as const;
export type FundStep = (typeof dialogs)[number];
const permissionOf: Record<string, string> = { revise: 'fund.request', record_decision: 'fund.consent', verify: 'fund.verify', settle: 'fund.request', post: 'fund.request', answer: 'fund.request', draw: 'fund.draw', withdraw: 'fund.request', attach: 'fund.request' };

/** A step as it is called: what is posted already is put right, and posted anew. */
export const wordOf = (f: Fund, step: FundStep) => (step === 'settle' && f.state === 'posted' ? 'correct' : step);

/** The steps of a request for maintenance money. */
export function useFundSteps() {
  const t = useT();
  const api = useApi();
  const session = useSession();
  const may = (f: Fund, step: string) => (f.steps?.includes(step) ?? false) && session.can(permissionOf[step] ?? '');
  const path = (f: Fund) => ({ fundRequestId: f.id });

  function ask(f: Fund, step: FundStep): Ask {
    const word = wordOf(f, step);
    const shown = { title: t(`renovation.fund.step.${word}`), action: t(`renovation.fund.step.${word}`), will: t(`renovation.fund.will.${word}`) };
    switch (step) {
      case 'verify': return { ...shown, fields: [{ name: 'words', kind: 'text', label: t('renovation.fund.saw'), most: 1000 }], send: ({ headers }, v) => take(api.POST('/api/v1/fund-requests/{fundRequestId}/verify', { params: { path: path(f) }, headers, body: { words: v['words'] ?? '' } })) };
      case 'settle': return { ...shown, fields: [{ name: 'settledFen', kind: 'number', label: t('renovation.fund.settledFen'), check: (v) => (toHundredths(v) ? undefined : t('renovation.ask.positive')) }, { name: 'doneOn', kind: 'date', label: t('renovation.fund.doneOn'), initial: today() }, { name: 'words', kind: 'text', label: t('renovation.fund.doneWords'), most: 1000 }],
        send: ({ headers }, v) => take(api.POST('/api/v1/fund-requests/{fundRequestId}/settle', { params: { path: path(f) }, headers, body: { settledFen: toHundredths(v['settledFen'] ?? '') ?? 0, doneOn: v['doneOn'] ?? '', words: v['words'] ?? '' } })) };
      case 'post': return { ...shown, send: ({ headers }) => take(api.POST('/api/v1/fund-requests/{fundRequestId}/post', { params: { path: path(f) }, headers })) };
      case 'draw': return { ...shown, fields: [{ name: 'on', kind: 'date', label: t('renovation.ask.on'), initial: today() }, { name: 'reference', kind: 'line', label: t('renovation.ask.reference'), most: 100 }], send: ({ headers }, v) => take(api.POST('/api/v1/fund-requests/{fundRequestId}/draw', { params: { path: path(f) }, headers, body: { on: v['on'] ?? '', reference: v['reference'] ?? '' } })) };
      case 'withdraw': return { ...shown, danger: true, fields: [{ name: 'reason', kind: 'text', label: t('renovation.ask.reason'), most: 1000 }], send: ({ headers }, v) => take(api.POST('/api/v1/fund-requests/{fundRequestId}/withdraw', { params: { path: path(f) }, headers: { ...headers, 'If-Match': `"${f.version}"` }, body: { reason: v['reason'] ?? '' } })) };
    }
  }

  const answer = (f: Fund, r: Schemas['RenovationRemark']): Ask => ({ title: t('renovation.step.answer'), action: t('action.send'), will: r.words, fields: [{ name: 'answer', kind: 'text', label: t('renovation.ask.answer'), most: 1000 }],
    send: ({ headers }, v) => take(api.POST('/api/v1/fund-requests/{fundRequestId}/objections/{remarkId}/answer', { params: { path: { ...path(f), remarkId: r.id } }, headers, body: { answer: v['answer'] ?? '' } })) });

  return { may, ask, answer, offered: (f: Fund) => dialogs.filter((step) => may(f, step)) };
}

/** Adds a file: a document of the request. */
export async function addFundDocument(api: Api, id: string, file: File, headers: { 'Idempotency-Key': string }): Promise<void> {
  const form = new FormData();
  form.append('file', file);
  await take(api.POST('/api/v1/fund-requests/{fundRequestId}/documents', { params: { path: { fundRequestId: id } }, body: { file: file.name }, bodySerializer: () => form, headers }));
}
