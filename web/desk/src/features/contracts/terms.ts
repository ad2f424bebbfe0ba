import type { Schemas } from '@redproperty/shared/api/client';

import { fromHundredths, toHundredths } from './hundredths';
import type { SlaRow } from './sla';

export const unitKinds = ['residential', 'commercial', 'parking', 'other'] as const;
export const feeMethods = ['lump_sum', 'commission', 'trust'] as const;
export const periodParams = ['owners_termination_notice', 'provider_unwilling_notice', 'indefinite_end_notice', 'handover'] as const;
export const periodUnits = ['calendar_days', 'working_days', 'months'] as const;

/** A fee as it is typed, in yuan. */
export interface FeeValue {
  unitKind: (typeof unitKinds)[number];
  yuan: string;
  per: 'area_month' | 'unit_month';
  basis: string;
}
/** One band of a fee linkage: from this score on, this share of the fee is due. Where a band ends, the next begins. */
export interface BandValue {
  from: string;
  share: string;
}
/** A service with its standard and, where it is handed on, the firm. */
export interface ItemValue {
  name: string;
  standard: string;
  contractor: string;
}

/** What is typed in a contract. */
export interface TermsValues {
  serviceAreaId: string;
  companyId: string;
  ownersId: string;
  number: string;
  kind: 'ordinary' | 'early_stage';
  feeMethod: (typeof feeMethods)[number];
  startsOn: string;
  endsOn: string;
  fees: FeeValue[];
  bands: BandValue[];
  items: ItemValue[];
  sla: SlaRow[];
  promises: string[];
  periods: Schemas['Period'][];
  /** Of a contract that is running already. */
  signedOn: string;
  filedOn: string;
  filingNumber: string;
}

export function emptyTerms(): TermsValues {
  return {
    serviceAreaId: '', companyId: '', ownersId: '', number: '', kind: 'ordinary', feeMethod: 'lump_sum', startsOn: '', endsOn: '', fees: [{ unitKind: 'residential', yuan: '', per: 'area_month', basis: '' }],
    bands: [], items: [{ name: '', standard: '', contractor: '' }], sla: [], promises: [], periods: [], signedOn: '', filedOn: '', filingNumber: '',
  };
}

/** A contract's terms as they are edited. */
export function fromView(c: Schemas['View']): TermsValues {
  const t = c.terms;
  const firm = (n: number) => t.subcontracts?.find((s) => s.item === n)?.contractor ?? '';
  return {
    ...emptyTerms(), serviceAreaId: c.serviceAreaId, companyId: c.companyId, ownersId: t.ownersId ?? '', number: t.number, kind: t.kind, feeMethod: t.feeMethod, startsOn: t.startsOn, endsOn: t.endsOn ?? '',
    fees: (t.fees ?? []).map((f) => ({ unitKind: f.unitKind, yuan: fromHundredths(f.fen), per: f.per, basis: f.basis ?? '' })),
    bands: (t.bands ?? []).map((b) => ({ from: fromHundredths(b.from), share: fromHundredths(b.share) })),
    items: (t.items ?? []).map((item, i) => ({ ...item, contractor: firm(i + 1) })),
    sla: t.sla ?? [], promises: t.promises ?? [], periods: (t.periods ?? []).map(({ recordedBy: _, ...p }) => p),
  };
}

/** What is sent. Numbers that cannot be read were refused by `check` before. */
export function toTerms(v: TermsValues): Schemas['Terms'] {
  return {
    number: v.number, kind: v.kind, feeMethod: v.feeMethod, startsOn: v.startsOn, ...(v.endsOn ? { endsOn: v.endsOn } : {}), ...(v.ownersId ? { ownersId: v.ownersId } : {}),
    fees: v.fees.map((f) => ({ unitKind: f.unitKind, fen: toHundredths(f.yuan) ?? 0, per: f.per, ...(f.basis.trim() ? { basis: f.basis } : {}) })),
    bands: v.bands.map((b, i) => ({ from: toHundredths(b.from) ?? 0, below: i + 1 < v.bands.length ? (toHundredths(v.bands[i + 1]!.from) ?? 0) : 10_001, share: toHundredths(b.share) ?? 0 })),
    items: v.items.map(({ name, standard }) => ({ name, standard })),
    subcontracts: v.items.flatMap((item, i) => (item.contractor.trim() ? [{ item: i + 1, contractor: item.contractor }] : [])),
    sla: v.sla, promises: v.promises, periods: v.periods,
  };
}

export type Fault = 'required' | 'money' | 'bandFirst' | 'bandOrder' | 'score' | 'share' | 'twice' | 'order';

/** What can be said before sending: path of the field to the key of a sentence. */
export function check(v: TermsValues): Record<string, Fault | undefined> {
  const out: Record<string, Fault | undefined> = {};
  for (const name of ['serviceAreaId', 'companyId', 'number', 'startsOn'] as const) if (!v[name].trim()) out[name] = 'required';
  if (v.endsOn && v.startsOn && v.endsOn < v.startsOn) out['endsOn'] = 'order';
  v.fees.forEach((f, i) => {
    if (toHundredths(f.yuan) === undefined) out[`fees[${i}]`] = 'money';
    else if (v.fees.findIndex((g) => g.unitKind === f.unitKind) !== i) out[`fees[${i}]`] = 'twice';
  });
  v.bands.forEach((b, i) => {
    const [from, share, before] = [toHundredths(b.from), toHundredths(b.share), i > 0 ? toHundredths(v.bands[i - 1]!.from) : undefined];
    if (from === undefined || from > 10_000) out[`bands[${i}]`] = 'score';
    else if (i === 0 && from !== 0) out[`bands[${i}]`] = 'bandFirst';
    else if (before !== undefined && from <= before) out[`bands[${i}]`] = 'bandOrder';
    else if (share === undefined || share > 20_000) out[`bands[${i}]`] = 'share';
  });
  v.items.forEach((item, i) => { if (!item.name.trim() || !item.standard.trim()) out[`items[${i}]`] = 'required'; });
  v.promises.forEach((p, i) => { if (!p.trim()) out[`promises[${i}]`] = 'required'; });
  v.periods.forEach((p, i) => { if (!p.clause.trim() || !(p.count > 0)) out[`periods[${i}]`] = 'required'; });
  return out;
}

/** The paths that have a place for the server's errors: each row, then the lists as wholes. */
export function placesOf(v: TermsValues): string[] {
  const rows = (['fees', 'bands', 'items', 'promises', 'periods'] as const).flatMap((list) => v[list].map((_, i) => `${list}[${i}]`));
  return [...rows, 'fees', 'bands', 'items', 'promises', 'periods', 'subcontracts', 'sla', 'serviceAreaId', 'companyId', 'ownersId', 'number', 'kind', 'feeMethod', 'startsOn', 'endsOn', 'signedOn', 'filedOn', 'filingNumber'];
}
