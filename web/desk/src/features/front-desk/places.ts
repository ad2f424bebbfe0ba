import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

/** A place that a report can name. */
export interface ReportPlace {
  key: string;
  title: string;
  hint: string;
  where: { unitId?: string; publicAreaId?: string; serviceAreaId?: string };
  /** Where it lies, for finding what was reported there already. */
  serviceAreaId?: string;
}

/** Splits what a caller says into the building and the rest: "3号楼2单元501", "3-2-501", "三号楼 501". */
export function splitPlace(words: string): { building: string; rest: string } {
  const named = /^(.*?\d*(?:号楼|号(?!楼)|楼|栋|幢|座))\s*[,，、\-－]?\s*(.+)$/.exec(words);
  if (named) return { building: named[1]!.trim(), rest: named[2]! };
  const dashed = /^(\d{1,3})\s*[-－]\s*(.+)$/.exec(words);
  if (dashed) return { building: `${dashed[1]}号楼`, rest: dashed[2]! };
  const spaced = /^(\S+)\s+(\S.*)$/.exec(words);
  return spaced ? { building: spaced[1]!, rest: spaced[2]! } : { building: words, rest: '' };
}

/** Digits and letters in groups, so that 2单元501, 2-501 and 2 501 are the same. */
const groups = (words: string) => words.toUpperCase().match(/[0-9A-Z]+/g) ?? [];

/** Whether a unit is meant by what was said after the building: "501", "2-501", "2单元501", or the beginning of it. */
export function unitMatches(unit: Pick<Schemas['Unit'], 'entrance' | 'number'>, rest: string): boolean {
  const said = groups(rest);
  const own = [...groups(unit.entrance ?? ''), ...groups(unit.number)];
  if (said.length === 0) return true;
  const last = said.at(-1)!;
  if (!own.at(-1)!.startsWith(last)) return said.length === 1 && own[0] === last && own.length > 1;
  return said.length === 1 || (own.length > 1 && own[own.length - 2] === said[said.length - 2]);
}

const mostUnits = 30;
const mostBuildings = 4;

/** Searches the places that a report can name: dwellings, public areas, whole service areas. Units of a building are asked for once. */
export class PlaceSearch {
  private readonly units = new Map<string, Promise<Schemas['Unit'][]>>();

  constructor(private readonly api: Api) {}

  async find(words: string, signal: AbortSignal): Promise<ReportPlace[]> {
    if (!words) return [];
    const { building, rest } = splitPlace(words);
    const asked = [...new Set([words, building])];
    const hits = await Promise.all(asked.map((q) => this.hits(q, signal)));
    const places = (hits[0] ?? []).filter((h) => h.kind !== 'building').flatMap((h) => this.place(h));
    const buildings = [...new Map(hits.flat().filter((h) => h.kind === 'building').map((h) => [h.id, h])).values()].slice(0, mostBuildings);
    const dwellings = await Promise.all(buildings.map((b) => this.dwellings(b, (hits[0] ?? []).some((h) => h.id === b.id) ? '' : rest)));
    return [...dwellings.flat(), ...places];
  }

  private async hits(q: string, signal: AbortSignal): Promise<Schemas['PlaceHit'][]> {
    return (await take(this.api.GET('/api/v1/places/search', { params: { query: { q, limit: 20 } }, signal }))).items ?? [];
  }

  private place(hit: Schemas['PlaceHit']): ReportPlace[] {
    const hint = (hit.where ?? []).join(' · ');
    if (hit.kind === 'public_area') return [{ key: hit.id, title: hit.name, hint, where: { publicAreaId: hit.id } }];
    if (hit.kind === 'service_area') return [{ key: hit.id, title: hit.name, hint, where: { serviceAreaId: hit.id }, serviceAreaId: hit.id }];
    return [];
  }

  private async dwellings(building: Schemas['PlaceHit'], rest: string): Promise<ReportPlace[]> {
    let units = this.units.get(building.id);
    if (!units) {
      units = this.unitsOf(building.id);
      this.units.set(building.id, units);
      units.catch(() => this.units.delete(building.id));
    }
    return (await units).filter((u) => u.state === 'active' && unitMatches(u, rest)).slice(0, mostUnits).map((u) => ({
      key: u.id, title: [building.name, u.entrance, u.number].filter(Boolean).join(' '), hint: (building.where ?? []).join(' · '), where: { unitId: u.id }, serviceAreaId: u.serviceAreaId,
    }));
  }

  private async unitsOf(buildingId: string): Promise<Schemas['Unit'][]> {
    const found: Schemas['Unit'][] = [];
    let cursor: string | undefined;
    do {
      const page = await take(this.api.GET('/api/v1/buildings/{buildingId}/units', { params: { path: { buildingId }, query: { limit: 200, cursor } } }));
      found.push(...(page.items ?? []));
      cursor = page.next || undefined;
    } while (cursor);
    return found;
  }
}
