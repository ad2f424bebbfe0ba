import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

import { remembered } from '@redproperty/shared/session/remembered';
import { useSession } from '@redproperty/shared/session/session';

/** The first steps of each role that works at the desk: the name of a step and the page where it is taken. */
const steps = {
  street_office: { order: '/street-queue', round: '/rounds', contract: '/contract-deadlines', works: '/renovations' },
  street_party: { audit: '/score-audits', rates: '/rates', trail: '/audit-trail' },
  community: { call: '/front-desk', callback: '/callbacks', roll: '/places', vote: '/votes' },
  community_work: { call: '/front-desk', callback: '/callbacks', roll: '/places' },
  manager: { accept: '/orders', contract: '/contracts', statement: '/statements' },
  worker: { jobs: '/orders', found: '/front-desk' },
  committee: { contract: '/contracts', round: '/rounds', vote: '/votes', books: '/rates' },
  department: { accept: '/orders', statement: '/statements' },
  utility: { accept: '/orders', works: '/renovations', statement: '/statements' },
  operator: { jobs: '/jobs', limits: '/limits', feedback: '/platform-feedback' },
} as const;

export type GuidedRole = keyof typeof steps;
/** A step of a role, as the texts name it: "manager.accept". */
export type GuideKey = { [R in GuidedRole]: `${R}.${keyof (typeof steps)[R] & string}` }[GuidedRole];

/** The guided role among those a person has: the first of the table above. */
export function guidedRole(roles: string[]): GuidedRole | undefined {
  return (Object.keys(steps) as GuidedRole[]).find((r) => roles.includes(r));
}

/** Its steps with their pages. */
export function stepsOf(role: GuidedRole): { key: GuideKey; to: string }[] {
  return Object.entries(steps[role]).map(([name, to]) => ({ key: `${role}.${name}` as GuideKey, to }));
}

/** Whether the first guidance is shown: until the person puts it away in this browser, or asks for it again. */
export const useGuide = defineStore('guide', () => {
  const session = useSession();
  const kept = computed(() => remembered(`redproperty.desk.guided.${session.account?.account ?? ''}`, ''));
  const again = ref(0);
  const shown = computed(() => again.value >= 0 && kept.value.get() !== 'yes');

  function set(value: string): void {
    kept.value.set(value);
    again.value++;
  }

  return { shown, open: () => set(''), dismiss: () => set('yes') };
});
