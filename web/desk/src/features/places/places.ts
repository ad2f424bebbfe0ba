import type { Schemas } from '@redproperty/shared/api/client';

type Unit = Schemas['Unit'];

/** Entrance and number as people say them: 2单元 501. */
export const door = (u: Pick<Unit, 'entrance' | 'number'>) => [u.entrance, u.number].filter(Boolean).join(' ');

/** Square metres as typed, in 0.01 m²: "84.28" is 8428. Undefined where it is no area; 0 where nothing is typed. */
export function parseArea(typed: string): number | undefined {
  const words = typed.trim().replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\s*(?:㎡|m²|m2|平方米|平米)$/i, '');
  if (words === '') return 0;
  const found = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(words);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : undefined;
}

/** An area for a field: 8428 is "84.28", nothing is empty. */
export function areaField(centi: number | undefined): string {
  if (!centi) return '';
  return `${Math.trunc(centi / 100)}.${String(centi % 100).padStart(2, '0')}`;
}

/** The area in force of what is proposed: register before survey before contract. */
export const areaInForce = (areas: Schemas['Areas']) => areas.register || areas.survey || areas.contract || 0;

/** A row of doors on one floor. */
export interface Floor {
  floor: number | undefined;
  units: Unit[];
}

/** The doors of an entrance, the highest floor first; units without a floor come last. */
export interface Entrance {
  name: string;
  floors: Floor[];
}

const byNumber = new Intl.Collator('zh-CN', { numeric: true });

/** Puts the units of a building as they are seen from outside: entrances beside each other, floors above each other. */
export function facade(units: Unit[]): Entrance[] {
  const entrances = new Map<string, Map<number | undefined, Unit[]>>();
  for (const u of units) {
    const floors = entrances.get(u.entrance ?? '') ?? new Map<number | undefined, Unit[]>();
    entrances.set(u.entrance ?? '', floors);
    floors.set(u.floor, [...(floors.get(u.floor) ?? []), u]);
  }
  return [...entrances].sort(([a], [b]) => byNumber.compare(a, b)).map(([name, floors]) => ({
    name,
    floors: [...floors].sort(([a], [b]) => (b ?? -1000) - (a ?? -1000)).map(([floor, own]) => ({ floor, units: own.sort((a, b) => byNumber.compare(a.number, b.number)) })),
  }));
}
