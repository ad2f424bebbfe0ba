import { computed, type Ref } from 'vue';

import type { Schemas } from '@redproperty/shared/api/client';
import { useSession } from '@redproperty/shared/session/session';

type Round = Schemas['RoundView'];

/** States in which a score is there for those with a part in the round. */
export const hasScore = (r: Pick<Round, 'state'>) => ['scored', 'published', 'revised'].includes(r.state);
export const isPublic = (r: Pick<Round, 'state'>) => r.state === 'published' || r.state === 'revised';

/** The way of a round, for a row of steps. Closing, a revision and a cancellation stand at the step that they belong to. */
export const way = ['draft', 'frozen', 'open', 'closed', 'scored', 'published'] as const;
export function stepOf(state: string): number {
  return way.indexOf(({ closing: 'closed', revised: 'published', cancelled: 'draft' }[state] ?? state) as (typeof way)[number]);
}

/** Which side of a round an organisation is. */
export function partyOf(r: Round, organisation: string): 'company' | 'owners' | 'street' {
  const projects = r.projects ?? [];
  if (projects.some((p) => p.companyId === organisation)) return 'company';
  return projects.some((p) => p.ownersId === organisation) ? 'owners' : 'street';
}

/** What the person may do in a round, by their posts. The server decides; this leaves out what cannot be meant for them. */
export function useMay(round: Ref<Round | undefined>) {
  const session = useSession();
  const holding = (permission: string) => session.capacities.filter((c) => c.organisation && c.permissions?.includes(permission));
  const among = (ids: (string | undefined)[]) => (c: { organisation?: string }) => ids.includes(c.organisation);
  const sides = computed(() => (round.value?.projects ?? []).flatMap((p) => [p.companyId, p.ownersId]));
  return {
    /** Holds the survey: may edit, freeze, cancel and publish. */
    hold: computed(() => holding('survey.author').some(among([round.value?.authorId]))),
    reconcile: computed(() => session.can('survey.roll')),
    /** The post in which to pledge: of a party to the draw. Who holds the survey for the street is one, a community is not. */
    pledge: computed(() => holding('survey.pledge').find((c) => c.role === 'street_office' || among(sides.value)(c))),
    /** The post in which to object. */
    object: computed(() => holding('survey.object').find(among(sides.value))),
    decide: computed(() => session.can('survey.decide')),
  };
}
