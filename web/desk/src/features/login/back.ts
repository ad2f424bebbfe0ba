import type { LocationQuery } from 'vue-router';

/** The page of this application that a person came from, if the address names one; never another site. */
export function backTo(query: LocationQuery): string | undefined {
  const back = query['back'];
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : undefined;
}
