import type { Router } from 'vue-router';

const pages: Record<string, (id: string) => string> = {
  work_order: (id) => `/orders/${id}`, survey_round: (id) => `/rounds/${id}`, contract: (id) => `/contracts/${id}`, unit: (id) => `/places/units/${id}`, building: (id) => `/places/buildings/${id}`,
  area: (id) => `/places/areas/${id}`, estate: (id) => `/places/areas/${id}`, service_area: (id) => `/places/service-areas/${id}`, survey_form: (id) => `/forms/${id}`, organisation: (id) => `/people/organisations/${id}`,
  vote: (id) => `/votes/${id}`, renovation: (id) => `/renovations/${id}`, fund_request: (id) => `/fund-requests/${id}`,
};

/** The page of what a record is about; undefined where this application has none that the person may open. */
export function pathOf(kind: string, id: string, router: Router, can: (...any: string[]) => boolean): string | undefined {
  const path = pages[kind]?.(id);
  if (!path) return undefined;
  const to = router.resolve(path);
  return to.name === 'not-found' || (to.meta.any && !can(...to.meta.any)) ? undefined : path;
}
