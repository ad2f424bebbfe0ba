import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useLoad } from '@redproperty/shared/composables/use-load';

import { useKept } from '@/features/offline/kept-load';

export type Project = Schemas['RenovationView'];

/** A project as the person may see it. */
export function useProject(id: () => string) {
  const api = useApi();
  return useKept(() => `renovation/${id()}`, (signal) => take(api.GET('/api/v1/renovations/{renovationId}', { params: { path: { renovationId: id() } }, signal })), id);
}

/** What the person is among those who look after the works; undefined for who has not volunteered. */
export function mySupervision(p: Project): Schemas['Supervisor'] | undefined {
  return p.supervisors?.find((s) => s.mine && s.state !== 'ended');
}

export const may = (p: Project, step: string): boolean => p.steps?.includes(step) ?? false;

/** What falls on the person's homes of the owners' money. */
export interface MyShare {
  source: Schemas['RenovationLine']['source'];
  place: string;
  area: number;
  fen: number;
}

/** The shares of the person's homes, line by line; none where nothing is divided yet. */
export function useMyShares(project: () => Project | undefined) {
  const api = useApi();
  return useLoad(async (signal): Promise<MyShare[]> => {
    const p = project();
    const lines = p?.funding?.filter((l) => l.allocationRound > 0) ?? [];
    const pages = await Promise.all(lines.map((l) => take(api.GET('/api/v1/renovations/{renovationId}/funding/{fundingId}/shares', { params: { path: { renovationId: p!.id, fundingId: l.id }, query: { mine: true } }, signal }))));
    return pages.flatMap((page, i) => (page.items ?? []).map((s) => ({ source: lines[i]!.source, place: s.place, area: s.area, fen: s.fen })));
  }, () => project()?.version);
}
