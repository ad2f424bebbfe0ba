import { take, type Api } from '@redproperty/shared/api/client';
import { useSession } from '@redproperty/shared/session/session';

/** A place over which the person's organisation is competent. */
export interface OwnArea { id: string; name: string }

/** The places of the person's organisations, those in which they plan surveys first. Companies, departments and utilities have none. */
export function useOwnAreas() {
  const session = useSession();
  return async (api: Api, signal: AbortSignal): Promise<OwnArea[]> => {
    const posts = session.capacities.filter((c) => c.organisation && c.permissions?.includes('survey.read')).sort((a, b) => Number(b.permissions?.includes('survey.author') ?? false) - Number(a.permissions?.includes('survey.author') ?? false));
    const organisations = await Promise.all([...new Set(posts.map((c) => c.organisation!))].map((organisationId) => take(api.GET('/api/v1/organisations/{organisationId}', { params: { path: { organisationId } }, signal }))));
    const ids = new Map(organisations.flatMap((o) => (o.areaId ? [[o.areaId, o.name] as const] : [])));
    return [...ids].map(([id, name]) => ({ id, name }));
  };
}
