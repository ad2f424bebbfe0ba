import { take } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

import { useKeptLoad } from '@/features/offline/kept-load';

import { filterOf, type View } from './views';

/**
 * Loads the pages of a list of jobs. The first page of one's own is kept on the phone and read where there is no signal; `told`
 * gets the moment of the copy. Called in setup.
 */
export function useJobPages(view: () => View, told: (at: number | undefined) => void) {
  const api = useApi();
  const page = (cursor: string | undefined, signal: AbortSignal) => take(api.GET('/api/v1/work-orders', { params: { query: { ...filterOf(view()), limit: 100, cursor } }, signal }));
  const first = useKeptLoad(() => 'jobs', (signal) => page(undefined, signal), { told });
  return (cursor: string | undefined, signal: AbortSignal) => (cursor === undefined && view() === 'mine' ? first(signal) : page(cursor, signal));
}
