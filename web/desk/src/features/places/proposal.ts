import type { Schemas } from '@redproperty/shared/api/client';

import { areaField, parseArea } from './places';

type Unit = Schemas['Unit'];
export type ChangeKind = Schemas['UnitProposal']['kind'];

/** A unit as it is typed: areas in square metres. */
export interface ResultValues {
  entrance: string;
  number: string;
  floor: string;
  use: Unit['use'];
  code: string;
  register: string;
  survey: string;
  contract: string;
}

export interface ProposalValues {
  kind: ChangeKind;
  /** For a merger: the units that go in beside the one the page is about. */
  with: string[];
  results: ResultValues[];
  reason: string;
  sumReason: string;
}

/** A unit as a form shows it. */
export function resultOf(u: Unit): ResultValues {
  return { entrance: u.entrance ?? '', number: u.number, floor: u.floor === undefined ? '' : String(u.floor), use: u.use, code: u.code ?? '', register: areaField(u.areas.register), survey: areaField(u.areas.survey), contract: areaField(u.areas.contract) };
}

/** The results to begin with: the unit itself, or for a split two doors without an area. */
export function beginResults(kind: ChangeKind, u: Unit): ResultValues[] {
  const same = resultOf(u);
  const bare = (suffix: string): ResultValues => ({ ...same, number: `${u.number}${suffix}`, code: '', register: '', survey: '', contract: '' });
  return { correct: [same], merge: [{ ...same, register: '', survey: '', contract: '' }], split: [bare('A'), bare('B')], void: [] }[kind];
}

/** The area in force of what is typed, in 0.01 m²; undefined where something is no area. */
export function typedArea(r: ResultValues): number | undefined {
  const [register, survey, contract] = [r.register, r.survey, r.contract].map(parseArea);
  if (register === undefined || survey === undefined || contract === undefined) return undefined;
  return register || survey || contract;
}

/** The sum of the results; undefined where one is no area. */
export function sumOf(results: ResultValues[]): number | undefined {
  let sum = 0;
  for (const r of results) {
    const area = typedArea(r);
    if (area === undefined) return undefined;
    sum += area;
  }
  return sum;
}

/** What is typed, as the API takes it. */
export function toProposal(v: ProposalValues, sources: Unit[]): Schemas['UnitProposal'] {
  const areas = (r: ResultValues) => Object.fromEntries((['register', 'survey', 'contract'] as const).flatMap((s) => (parseArea(r[s]) ? [[s, parseArea(r[s])]] : [])));
  const results = v.results.map((r) => ({
    number: r.number.trim(), use: r.use, areas: areas(r), ...(r.entrance.trim() ? { entrance: r.entrance.trim() } : {}), ...(r.code.trim() ? { code: r.code.trim() } : {}), ...(/^-?\d+$/.test(r.floor.trim()) ? { floor: Number(r.floor) } : {}),
  }));
  return { kind: v.kind, sources: sources.map((u) => ({ unitId: u.id, version: u.version })), results, reason: v.reason.trim(), ...(v.sumReason.trim() ? { sumReason: v.sumReason.trim() } : {}) };
}
