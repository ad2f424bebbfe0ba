import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

type Order = Schemas['OrderView'];

/** What a step is asked with. Names are those of the body, so that the server's errors land on their field. */
export interface StepValues {
  text: string;
  note: string;
  reason: string;
  channel: string;
  handlerId: string;
  assigneeId: string;
  subcontractor: string;
  evidence: string;
  orderId: string;
  clause: string;
  plan: string;
  reviewOn: string;
  minutes: number | undefined;
  rate: boolean;
  solved: string;
  satisfied: number;
  remark: string;
  passOn: boolean;
}

export const emptyValues: StepValues = {
  text: '', note: '', reason: '', channel: '', handlerId: '', assigneeId: '', subcontractor: '', evidence: '', orderId: '', clause: '', plan: '', reviewOn: '', minutes: undefined, rate: false, solved: 'yes', satisfied: 5, remark: '', passOn: false,
};

/** How a field is asked. */
export interface StepField {
  name: keyof StepValues;
  kind: 'text' | 'line' | 'choice' | 'staff' | 'handler' | 'date' | 'hours' | 'order' | 'rating';
  required?: boolean;
  /** Least and most characters. */
  least?: number;
  most?: number;
  /** Group of texts and codes of a choice. */
  choices?: { texts: string; codes: readonly string[] };
  /** Another name for the field than its own. */
  label?: string;
  /** What whoever is asked must be permitted. */
  permission?: string;
}

/** Whether an order can be given to a person in this role: who works for a company, a department, a utility or a builder. */
export const takesOrders = (role: string) => ['worker', 'manager', 'department', 'utility'].includes(role);

/** Headers of a step: the key of its repetition, and the version that was on the screen. */
export type StepHeaders = { 'Idempotency-Key': string; 'If-Match'?: string };

export interface StepForm {
  fields: StepField[];
  /** Ends something for somebody: shown as such. */
  grave?: boolean;
  send(api: Api, id: string, values: StepValues, headers: StepHeaders): Promise<Order>;
}

const reasons = {
  decline: ['private_part', 'utility', 'developer_warranty', 'other_authority', 'court_or_petition', 'unclear', 'no_trouble_found'],
  pause: ['resident_asked_later', 'resident_absent', 'access_refused', 'resident_decides', 'resident_information'],
  channel: ['private_part', 'utility', 'developer_warranty', 'public', 'common_part', 'fee_question', 'conduct'],
} as const;

const words = (name: keyof StepValues, most: number, more: Partial<StepField> = {}): StepField => ({ name, kind: 'text', required: true, most, ...more });
const crew: StepField[] = [{ name: 'assigneeId', kind: 'staff' }, { name: 'subcontractor', kind: 'line', most: 100, permission: 'workorder.dispatch' }];
const reasonOnly = [words('reason', 1000)];
const sendCrew = (v: StepValues) => ({ ...(v.assigneeId ? { assigneeId: v.assigneeId } : {}), ...(v.subcontractor.trim() ? { subcontractor: v.subcontractor } : {}) });
const handler = (v: StepValues) => (v.handlerId ? { handlerId: v.handlerId } : {});
const to = (id: string) => ({ path: { id } });

/** The rating of a person without a phone, as the community writes it down. */
export function ratingOf(v: StepValues): { rating?: Schemas['OrderAnswer'] } {
  if (!v.rate) return {};
  return { rating: { solved: v.solved as 'yes', satisfied: v.satisfied, ...(v.remark.trim() ? { remark: v.remark, passOn: v.passOn } : {}) } };
}

/** Every step that people take, by the name the API gives it. */
export const stepForms: Record<string, StepForm> = {
  accept: { fields: [], send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/accept', { params: to(id), headers })) },
  decline: {
    fields: [{ name: 'reason', kind: 'choice', required: true, choices: { texts: 'form.declineReason', codes: reasons.decline } }, { name: 'channel', kind: 'choice', required: true, choices: { texts: 'form.channel', codes: reasons.channel } }, words('note', 1000, { required: false })], grave: true,
    send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decline', { params: to(id), headers, body: { reason: v.reason as Schemas['DeclineOrder']['reason'], channel: v.channel as Schemas['DeclineOrder']['channel'], ...(v.note.trim() ? { note: v.note } : {}) } })),
  },
  mark_duplicate: { fields: [{ name: 'orderId', kind: 'order', required: true }], grave: true, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/mark-duplicate', { params: to(id), headers, body: { orderId: v.orderId } })) },
  cancel: { fields: [], grave: true, send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/cancel', { params: to(id), headers })) },
  route: { fields: [{ name: 'handlerId', kind: 'handler' }, ...reasonOnly], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/route', { params: to(id), headers, body: { reason: v.reason, ...handler(v) } })) },
  dispatch: { fields: crew, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/dispatch', { params: to(id), headers, body: sendCrew(v) })) },
  assign: { fields: crew, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/assign', { params: to(id), headers, body: sendCrew(v) })) },
  arrive: { fields: [], send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/arrive', { params: to(id), headers })) },
  control: { fields: [], send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/control', { params: to(id), headers })) },
  note: { fields: [words('text', 2000)], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/note', { params: to(id), headers, body: { text: v.text } })) },
  pause: {
    fields: [{ name: 'reason', kind: 'choice', required: true, choices: { texts: 'pauses.reason', codes: reasons.pause } }, words('evidence', 500, { least: 5 })],
    send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/pause', { params: to(id), headers, body: { reason: v.reason as Schemas['PauseOrder']['reason'], evidence: v.evidence } })),
  },
  resume: { fields: [], send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/resume', { params: to(id), headers })) },
  resolve: { fields: [words('text', 2000)], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/resolve', { params: to(id), headers, body: { text: v.text } })) },
  object: { fields: [words('clause', 200, { kind: 'line', least: 2 }), words('reason', 1000)], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/object', { params: to(id), headers, body: { clause: v.clause, reason: v.reason } })) },
  uphold_objection: { fields: [{ name: 'handlerId', kind: 'handler' }, ...reasonOnly], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decide-objection', { params: to(id), headers, body: { uphold: true, reason: v.reason, ...handler(v) } })) },
  dismiss_objection: { fields: reasonOnly, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decide-objection', { params: to(id), headers, body: { uphold: false, reason: v.reason } })) },
  propose_deferral: { fields: [words('plan', 1000, { least: 5 }), { name: 'reviewOn', kind: 'date', required: true }], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/propose-deferral', { params: to(id), headers, body: { plan: v.plan, reviewOn: v.reviewOn } })) },
  approve_deferral: { fields: reasonOnly, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decide-deferral', { params: to(id), headers, body: { approve: true, reason: v.reason } })) },
  refuse_deferral: { fields: reasonOnly, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decide-deferral', { params: to(id), headers, body: { approve: false, reason: v.reason } })) },
  take_up: { fields: [], send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/take-up', { params: to(id), headers })) },
  propose_extension: { fields: [{ name: 'minutes', kind: 'hours', required: true }, words('reason', 1000, { least: 5 })], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/propose-extension', { params: to(id), headers, body: { minutes: v.minutes ?? 0, reason: v.reason } })) },
  approve_extension: { fields: reasonOnly, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decide-extension', { params: to(id), headers, body: { approve: true, reason: v.reason } })) },
  refuse_extension: { fields: reasonOnly, send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/decide-extension', { params: to(id), headers, body: { approve: false, reason: v.reason } })) },
  verify: { fields: [words('text', 1000, { required: false, label: 'finding' })], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/verify', { params: to(id), headers, body: v.text.trim() ? { text: v.text } : {} })) },
  reject_work: { fields: [words('text', 2000)], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/reject-work', { params: to(id), headers, body: { text: v.text } })) },
  confirm: { fields: [{ name: 'rate', kind: 'rating' }], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/confirm', { params: to(id), headers, body: ratingOf(v) })) },
  dispute: { fields: [words('text', 2000)], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/dispute', { params: to(id), headers, body: { text: v.text } })) },
  close: { fields: [], send: (api, id, _, headers) => take(api.POST('/api/v1/work-orders/{id}/close', { params: to(id), headers })) },
  reopen: { fields: [words('text', 2000)], send: (api, id, v, headers) => take(api.POST('/api/v1/work-orders/{id}/reopen', { params: to(id), headers, body: { text: v.text } })) },
};

/** The same step on several orders, each at the version that was on the screen. */
export function bulkBody(step: Schemas['BulkBody']['step'], orders: Order[], v: StepValues): Schemas['BulkBody'] {
  return { step, orders: orders.map(({ id, version }) => ({ id, version })), ...(step === 'dispatch' || step === 'assign' ? sendCrew(v) : {}), ...(v.text.trim() ? { text: v.text } : {}) };
}

/** The step that moves an order along, by its state; it is offered first. */
const usual: Record<string, string[]> = {
  reported: ['accept'], accepted: ['dispatch'], dispatched: ['arrive', 'assign'], in_progress: ['resolve'], resolved: ['verify', 'confirm'], verified: ['close', 'confirm'], returned: ['uphold_objection', 'dismiss_objection'], deferred: ['take_up'], closed: ['reopen'],
};

const decides = (step: string) => /^(?:approve|refuse)_/.test(step);

/** Whether a step is what the order waits for, and no aside. */
export const moves = (order: Schemas['OrderDetail'], step: string): boolean => decides(step) || (usual[order.state] ?? []).includes(step);

/** The steps that may be taken now, the usual one first; pending decisions before everything. */
export function possible(order: Schemas['OrderDetail']): string[] {
  const allowed = (order.steps ?? []).filter((s) => s.allowed && s.step in stepForms).map((s) => s.step);
  const rank = (step: string) => (decides(step) ? -1 : moves(order, step) ? usual[order.state]!.indexOf(step) : 100);
  return [...allowed].sort((a, b) => rank(a) - rank(b));
}

/** The steps that cannot be taken, with the code of the reason; those of other posts last. */
export function impossible(order: Schemas['OrderDetail']): { step: string; why: string }[] {
  const refused = (order.steps ?? []).filter((s) => !s.allowed && s.step in stepForms).map((s) => ({ step: s.step, why: s.why ?? '' }));
  return refused.sort((a, b) => Number(a.why === 'auth.forbidden') - Number(b.why === 'auth.forbidden'));
}

/** What can be said before a step is sent: field to key of the sentence, with its number. */
export function missing(fields: StepField[], values: StepValues): Record<string, 'required' | 'short' | undefined> {
  return Object.fromEntries(fields.map((f) => {
    const value = values[f.name];
    const written = typeof value === 'string' ? value.trim() : value;
    if (f.required && (written === '' || written === undefined)) return [f.name, 'required' as const];
    if (f.least && typeof written === 'string' && [...written].length < f.least) return [f.name, 'short' as const];
    return [f.name, undefined];
  }));
}
