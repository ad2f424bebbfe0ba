import type { Place } from '../harness/place.ts';

export default [
  { app: 'resident', name: 'enter/failed', path: `/enter#ticket=${'a'.repeat(52)}`, before: async (s) => { await s.page.getByRole('alert').waitFor(); } },
] satisfies Place[];
