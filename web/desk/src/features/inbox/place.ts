import type { Router } from 'vue-router';

import type { Schemas } from '@redproperty/shared/api/client';

const pages: Record<string, (subject: string) => string> = {
  workorder: (id) => `/orders/${id}`,
  survey: (id) => `/rounds/${id}`,
  contract: (id) => `/contracts/${id}`,
  vote: (id) => `/votes/${id}`,
  renovation: (id) => `/renovations/${id}`,
  fund: (id) => `/fund-requests/${id}`,
  report: () => '/rates',
  credit: () => '/credit',
  membership: () => '/joining',
  post: () => '/people/mine',
  cross: () => '/people/mine',
  feedback: () => '/account?tab=feedback',
};

/** Where a message leads: the page of what it is about; undefined where this application has none that the person may open. */
export function placeOf(m: Pick<Schemas['MessageView'], 'topic' | 'subject'>, router: Router, can: (...any: string[]) => boolean): string | undefined {
  const [about = ''] = m.topic.split('.');
  const path = m.topic === 'workorder.pressure_reported' ? '/pressure' : pages[about]?.(m.subject);
  if (!path) return undefined;
  const to = router.resolve(path);
  return to.name === 'not-found' || (to.meta.any && !can(...to.meta.any)) ? undefined : path;
}
