import { defineStore } from 'pinia';
import { reactive, shallowRef } from 'vue';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';

type Post = Schemas['PostView'];
/** So many places can be chosen among in a list; who has more of them filters by area elsewhere. */
const mostAreas = 2000;

/** Names of organisations, service areas and staff, each asked for once. */
export const useDirectory = defineStore('directory', () => {
  const names = reactive(new Map<string, string>());
  const asked = new Map<string, Promise<Schemas['OrganisationView']>>();
  const staff = reactive(new Map<string, Post[]>());
  const serviceAreas = shallowRef<Schemas['ServiceArea'][]>([]);

  /** Name of an organisation; empty until it is known, and where it may not be read. */
  function organisation(api: Api, id: string | undefined): string {
    if (!id) return '';
    void card(api, id).catch(() => undefined); // no name then
    return names.get(id) ?? '';
  }

  function card(api: Api, id: string): Promise<Schemas['OrganisationView']> {
    const known = asked.get(id);
    if (known) return known;
    const answer = take(api.GET('/api/v1/organisations/{organisationId}', { params: { path: { organisationId: id } } }));
    asked.set(id, answer);
    answer.then((o) => names.set(id, o.name), () => asked.delete(id));
    return answer;
  }

  /** The present staff of an organisation. Rejects where it may not be read. */
  async function staffOf(api: Api, id: string): Promise<Post[]> {
    const known = staff.get(id);
    if (known) return known;
    const page = await take(api.GET('/api/v1/organisations/{organisationId}/posts', { params: { path: { organisationId: id }, query: { limit: 200 } } }));
    const posts = page.items ?? [];
    staff.set(id, posts);
    return posts;
  }

  /** Reads the staff where the organisation may be seen whole: whoever sees its public card alone would be refused. */
  async function nameStaff(api: Api, id: string): Promise<void> {
    const { version } = await card(api, id);
    if (version) await staffOf(api, id);
  }

  /** Name of a person among the staff that was read. */
  function person(org: string | undefined, id: string | undefined): string {
    return (org && id && staff.get(org)?.find((p) => p.personId === id)?.name) || '';
  }

  async function needServiceAreas(api: Api): Promise<void> {
    if (serviceAreas.value.length > 0) return;
    const found: Schemas['ServiceArea'][] = [];
    let cursor: string | undefined;
    do {
      const page = await take(api.GET('/api/v1/service-areas', { params: { query: { cursor, limit: 200 } } }));
      found.push(...(page.items ?? []));
      cursor = page.next;
    } while (cursor && found.length < mostAreas);
    serviceAreas.value = found;
  }

  function serviceArea(id: string): string {
    const found = serviceAreas.value.find((a) => a.id === id);
    return found ? `${found.estateName} · ${found.name}` : '';
  }

  return { organisation, staffOf, nameStaff, person, serviceAreas, needServiceAreas, serviceArea };
});
