import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { ApiError } from '@redproperty/shared/api/problem';

import type { AskField, AskSend } from '@/parts/ask';
import type { useT } from '@/texts';

import { parseArea } from './places';

type T = ReturnType<typeof useT>;
type Named = (path: string, code: string | undefined) => string;

export const uses = ['residential', 'commercial', 'parking', 'other'] as const;
export const deliveries = ['delivered', 'undelivered', 'unsold', 'unknown'] as const;
export const occupations = ['owner', 'let', 'vacant', 'unknown'] as const;
export const areaSources = ['register', 'survey', 'contract'] as const;

const options = (codes: readonly string[], path: string, named: Named) => codes.map((value) => ({ value, label: named(path, value) }));

/** Refuses at its field what is no area, before anything is sent. */
function areaOf(typed: string | undefined, field: string, t: T): number {
  const area = parseArea(typed ?? '');
  if (area === undefined) throw new ApiError({ status: 422, code: 'client.area', errors: [{ path: `body.${field}`, code: 'client.area', detail: t('places.areaWrong') }] });
  return area;
}

/** The fields of one unit to be entered. */
export function addUnitFields(t: T, named: Named): AskField[] {
  return [
    { name: 'entrance', kind: 'line', label: t('places.field.entrance'), most: 20, optional: true, hint: t('places.entranceHint') },
    { name: 'number', kind: 'line', label: t('places.field.number'), most: 40 },
    { name: 'floor', kind: 'number', label: t('places.field.floor'), most: 4, optional: true },
    { name: 'use', kind: 'select', label: t('places.field.use'), initial: 'residential', options: options(uses, 'use', named) },
    { name: 'area', kind: 'number', label: t('places.field.area'), most: 10, optional: true },
    { name: 'source', kind: 'select', label: t('places.field.areaSource'), initial: 'register', hint: t('places.areaSourceHint'), options: options(areaSources, 'areaSource', named) },
    { name: 'delivery', kind: 'select', label: t('places.field.delivery'), initial: 'unknown', options: options(deliveries, 'delivery', named) },
  ];
}

/** Enters one unit. An error of the unit lands on its field. */
export function addUnitSend(api: Api, buildingId: string, t: T): AskSend {
  return async ({ headers }, v) => {
    const area = areaOf(v['area'], 'area', t);
    const floor = (v['floor'] ?? '').trim();
    const unit = {
      number: v['number'] ?? '', use: v['use'] as 'residential', delivery: v['delivery'] as 'unknown', areas: area ? { [v['source'] as 'register']: area } : {},
      ...(v['entrance']?.trim() ? { entrance: v['entrance'] } : {}), ...(floor ? { floor: /^-?\d+$/.test(floor) ? Number(floor) : (floor as unknown as number) } : {}),
    };
    try {
      return await take(api.POST('/api/v1/buildings/{buildingId}/units', { params: { path: { buildingId } }, body: { units: [unit] }, headers }));
    } catch (thrown) {
      throw ofOne(thrown);
    }
  };
}

/** The refusal of a list of one, with its fields named as if there were no list. */
function ofOne(thrown: unknown): unknown {
  if (!(thrown instanceof ApiError)) return thrown;
  return new ApiError({ status: thrown.status, code: thrown.code, detail: thrown.message, params: thrown.params, requestId: thrown.requestId, errors: thrown.fields.map((f) => ({ ...f, path: f.path.replace(/^(?:body\.)?units\[0\]\.?/, 'body.') })) });
}

/** The fields of what changes in the course of life. */
export function factFields(t: T, named: Named, u: Schemas['Unit']): AskField[] {
  return [
    { name: 'delivery', kind: 'select', label: t('places.field.delivery'), initial: u.delivery, options: options(deliveries, 'delivery', named) },
    { name: 'occupied', kind: 'select', label: t('places.field.occupied'), initial: u.occupied, options: options(occupations, 'occupied', named) },
  ];
}
