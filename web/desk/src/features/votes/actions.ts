import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

import type { Ask, AskField } from '@/parts/ask';
import { fieldOf, instantOf } from '@/parts/moment';
import { useT } from '@/texts';

import { figure, type Vote } from './vote';

const day = 86_400_000;

/** Nine in the morning, so many days from now, as a field shows it. */
const morning = (from: number, days: number): string => `${fieldOf(from + days * day).slice(0, 10)}T09:00`;

/** The steps of a vote as questions, in setup. */
export function useVoteSteps() {
  const t = useT();
  const api = useApi();
  const at = (v: Vote) => ({ params: { path: { voteId: v.id }, header: { 'If-Match': `"${v.version}"` } } });

  /** Announces it; the first days that the place allows stand in the fields. */
  function announce(v: Vote): Ask {
    const notice = figure(v, v.kind === 'extraordinary' ? 'notice_extra_days' : 'notice_days');
    const [least, most] = [figure(v, 'window_min_days'), figure(v, 'window_max_days')];
    const now = new Date(v.now).getTime();
    const begin = morning(now, notice + 1);
    return {
      title: t('votes.act.announce'), action: t('votes.act.announce'), will: `${t('votes.act.announceWill')}\n${t('votes.act.announceDays', { notice, least, most })}`,
      fields: [
        { name: 'opensAt', kind: 'minute', label: t('votes.field.opensAt'), initial: begin },
        { name: 'closesAt', kind: 'minute', label: t('votes.field.closesAt'), initial: morning(now, notice + 1 + Math.min(most, Math.max(least, 15))) },
      ],
      send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/announce', { ...at(v), headers, body: { opensAt: instantOf(f['opensAt'] ?? '') ?? '', closesAt: instantOf(f['closesAt'] ?? '') ?? '' } })),
    };
  }

  const post = (v: Vote): Ask => ({
    title: t(v.state === 'announced' ? 'votes.act.post' : 'votes.act.postAgain'), action: t('votes.act.post'), will: t('votes.act.postWill'),
    send: ({ headers }) => take(api.POST('/api/v1/votes/{voteId}/roll', { ...at(v), headers })),
  });

  const extend = (v: Vote): Ask => ({
    title: t('votes.act.extend'), action: t('votes.act.extend'), will: t('votes.act.extendWill', { n: figure(v, 'extension_max_days') }),
    fields: [
      { name: 'closesAt', kind: 'minute', label: t('votes.field.closesAt'), initial: v.closesAt ? fieldOf(new Date(v.closesAt).getTime() + 7 * day) : '' },
      { name: 'reason', kind: 'text', label: t('votes.field.why'), most: 500 },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/extend', { ...at(v), headers, body: { closesAt: instantOf(f['closesAt'] ?? '') ?? '', reason: f['reason'] ?? '' } })),
  });

  const publish = (v: Vote): Ask => ({
    title: t('votes.act.publish'), action: t('votes.act.publish'), will: t('votes.act.publishWill'),
    send: ({ headers }) => take(api.POST('/api/v1/votes/{voteId}/publish', { ...at(v), headers })),
  });

  const cancel = (v: Vote): Ask => ({
    title: t('votes.act.cancel'), action: t('votes.act.cancel'), will: t('votes.act.cancelWill'), danger: true, fields: [{ name: 'reason', kind: 'text', label: t('votes.field.why'), most: 500 }],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/cancel', { ...at(v), headers, body: { reason: f['reason'] ?? '' } })),
  });

  const order = (v: Vote): Ask => ({
    title: t('votes.act.order'), action: t('votes.act.order'), will: t('votes.act.orderWill'), danger: true,
    fields: [
      { name: 'kind', kind: 'choice', label: t('votes.orders.kind'), initial: 'correct', options: (['correct', 'revoke'] as const).map((value) => ({ value, label: t(`votes.orders.${value}`) })) },
      { name: 'authority', kind: 'choice', label: t('votes.orders.authority'), initial: 'street_office', options: (['street_office', 'housing_department'] as const).map((value) => ({ value, label: t(`votes.authority.${value}`) })) },
      { name: 'paper', kind: 'line', label: t('votes.orders.paper'), hint: t('votes.orders.paperHint'), optional: true, most: 100 },
      { name: 'reasons', kind: 'text', label: t('votes.orders.reasons'), most: 2000 },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/orders', {
      ...at(v), headers, body: { kind: f['kind'] as 'correct', authority: f['authority'] as 'street_office', ...(f['paper'] ? { paper: f['paper'] } : {}), reasons: f['reasons'] ?? '' },
    })),
  });

  const onOrder = (v: Vote, o: Schemas['Order']) => ({ params: { path: { voteId: v.id, voteOrderId: o.id }, header: { 'If-Match': `"${o.version}"` } } });

  const appeal = (v: Vote, o: Schemas['Order']): Ask => ({
    title: t('votes.act.appeal'), action: t('votes.act.appeal'), fields: [{ name: 'appeal', kind: 'text', label: t('votes.orders.reasons'), most: 2000 }],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/orders/{voteOrderId}/appeal', { ...onOrder(v, o), headers, body: { appeal: f['appeal'] ?? '' } })),
  });

  /** What becomes of the department's order is its own decision: the office records it with the number of the paper. */
  const paperOn = (o: Schemas['Order']): AskField[] => (o.authority === 'housing_department' ? [{ name: 'paper', kind: 'line', label: t('votes.orders.endedPaper'), most: 100 }] : []);

  const rule = (v: Vote, o: Schemas['Order']): Ask => ({
    title: t('votes.act.rule'), action: t('votes.act.rule'),
    fields: [
      { name: 'uphold', kind: 'choice', label: t('votes.field.decision'), options: [{ value: 'yes', label: t('votes.orders.uphold') }, { value: 'no', label: t('votes.orders.overturn') }] },
      ...paperOn(o),
      { name: 'reasons', kind: 'text', label: t('votes.orders.reasons'), most: 2000 },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/orders/{voteOrderId}/ruling', { ...onOrder(v, o), headers, body: { uphold: f['uphold'] === 'yes', paper: f['paper'] ?? '', reasons: f['reasons'] ?? '' } })),
  });

  const lift = (v: Vote, o: Schemas['Order']): Ask => ({
    title: t('votes.act.lift'), action: t('votes.act.lift'), will: t('votes.act.liftWill'), fields: paperOn(o),
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/orders/{voteOrderId}/lift', { ...onOrder(v, o), headers, body: { paper: f['paper'] ?? '' } })),
  });

  const answer = (v: Vote, o: Schemas['VoteObjection']): Ask => ({
    title: t('votes.objections.answer'), action: t('votes.objections.answer'), will: o.content,
    fields: [
      { name: 'accept', kind: 'choice', label: t('votes.field.decision'), options: [{ value: 'yes', label: t('votes.objections.accept') }, { value: 'no', label: t('votes.objections.reject') }] },
      { name: 'answer', kind: 'text', label: t('votes.field.answer'), most: 2000 },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/roll-objections/{voteObjectionId}/answer', {
      params: { path: { voteId: v.id, voteObjectionId: o.id }, header: { 'If-Match': `"${o.version}"` } }, headers, body: { accept: f['accept'] === 'yes', answer: f['answer'] ?? '' },
    })),
  });

  const deliver = (v: Vote, heads: number[]): Ask => ({
    title: t('votes.roll.deliver', { n: heads.length }), action: t('action.confirm'), will: t('votes.roll.deliverHint'),
    fields: [
      { name: 'how', kind: 'choice', label: t('votes.field.how'), initial: 'door', options: (['door', 'mail', 'notice'] as const).map((value) => ({ value, label: t(`votes.roll.how.${value}`) })) },
      { name: 'note', kind: 'line', label: t('votes.field.note'), optional: true, most: 300 },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/deliveries', { params: { path: { voteId: v.id } }, headers, body: { heads, how: f['how'] as 'door', ...(f['note'] ? { note: f['note'] } : {}) } })),
  });

  const developer = (v: Vote, line: Schemas['VoteLine'], papers: Schemas['VoteDocument'][]): Ask => ({
    title: t('votes.developer.do'), action: t('votes.developer.do'), will: t('votes.developer.will'),
    fields: [
      { name: 'document', kind: 'select', label: t('votes.developer.paper'), hint: t('votes.developer.paperHint'), options: papers.map((d) => ({ value: d.hash, label: d.name })) },
      { name: 'unit', kind: 'select', label: t('votes.developer.unit'), hint: t('votes.developer.unitHint'), options: (line.parts ?? []).map((u) => ({ value: u.unitId, label: u.label })) },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/developer-authority', { ...at(v), headers, body: { document: f['document'] ?? '', unit: f['unit'] ?? '' } })),
  });

  const opening = (v: Vote): Ask => ({
    title: t('votes.openings.ask'), action: t('votes.openings.ask'), will: t('votes.openings.askWill'), danger: true,
    fields: [
      { name: 'head', kind: 'number', label: t('votes.openings.head') },
      { name: 'basis', kind: 'choice', label: t('votes.field.basis'), initial: 'court', options: (['court', 'verification'] as const).map((value) => ({ value, label: t(`votes.openings.${value}`) })) },
      { name: 'reason', kind: 'text', label: t('votes.orders.reasons'), most: 1000 },
    ],
    send: ({ headers }, f) => take(api.POST('/api/v1/votes/{voteId}/heads/{head}/openings', { params: { path: { voteId: v.id, head: Number(f['head']) } }, headers, body: { basis: f['basis'] as 'court', reason: f['reason'] ?? '' } })),
  });

  const vacate = (v: Vote, seat: number): Ask => ({
    title: t('votes.tellers.vacate'), action: t('votes.tellers.vacate'), will: t('votes.tellers.vacateWill'), danger: true,
    send: ({ headers }) => take(api.POST('/api/v1/votes/{voteId}/tellers/{seat}/vacate', { params: { path: { voteId: v.id, seat } }, headers })),
  });

  return { announce, post, extend, publish, cancel, order, appeal, rule, lift, answer, deliver, developer, opening, vacate };
}
