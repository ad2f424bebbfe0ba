import { computed, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useAction } from '@redproperty/shared/composables/use-action';
import { now as present } from '@redproperty/shared/session/clock';

export type Member = Schemas['MemberView'];

/** What the person may do about a membership of their household. */
export function choicesFor(m: Member, own: Member | undefined, now: number = present()): ('leave' | 'dismiss' | 'contest')[] {
  if (!own || m.state === 'ended') return [];
  if (m.id === own.id) return ['leave'];
  if (m.relation === 'helper' && m.helpsMembershipId === own.id) return ['dismiss'];
  const newcomer = m.from > own.from && m.state === 'active' && new Date(m.contestableUntil).getTime() > now;
  return newcomer && m.relation !== 'helper' ? ['contest'] : [];
}

/** Leaving, ending a helper, contesting a newcomer; each about the version that was seen. */
export function useMembershipSteps(changed: () => Promise<unknown>) {
  const api = useApi();
  const end = useAction(async ({ headers }, m: Member) => {
    await take(api.POST('/api/v1/memberships/{membershipId}/leave', { params: { path: { membershipId: m.id } }, headers: { ...headers, 'If-Match': `"${m.version}"` } }));
    await changed();
    return true;
  });
  const contest = useAction(async ({ headers }, m: Member, reason: Schemas['ContestMembershipRequest']['reason']) => {
    await take(api.POST('/api/v1/memberships/{membershipId}/contest', { params: { path: { membershipId: m.id } }, headers: { ...headers, 'If-Match': `"${m.version}"` }, body: { reason } }));
    await changed();
    return true;
  });
  const busy = computed(() => end.busy.value || contest.busy.value);
  const error: Ref<typeof end.error.value> = computed(() => end.error.value ?? contest.error.value);
  /** Begins a new question: the refusal of the one before is not its own. */
  function begin(): void {
    end.error.value = undefined;
    contest.error.value = undefined;
  }
  return { end, contest, busy, error, begin };
}
