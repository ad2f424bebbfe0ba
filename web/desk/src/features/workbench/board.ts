import { computed, onScopeDispose } from 'vue';

import { take, type Paths } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useLoad, type Load } from '@redproperty/shared/composables/use-load';
import { useNow } from '@redproperty/shared/session/clock';
import { useSession } from '@redproperty/shared/session/session';

import { useOrderChanges } from '@/features/orders/changes';

import { changesSince, dueSoon, yesterday } from './since';

type Query = NonNullable<Paths['/api/v1/work-orders']['get']['parameters']['query']>;
interface Count { n: number; more: boolean }

const shown = 8;
const looked = 100;
const most = 200;
const settle = 1500; // many changes at once are one reload

/** What the workbench shows, kept up to date by the change stream. */
export function useBoard() {
  const api = useApi();
  const session = useSession();
  const now = useNow();
  const orders = (query: Query) => useLoad((signal) => take(api.GET('/api/v1/work-orders', { params: { query: { limit: looked, ...query } }, signal })));

  const waiting = orders({ waitingForMe: true, limit: 50 });
  const overdue = orders({ overdue: true, limit: 50 });
  const due = orders({ open: true, sort: 'due' });
  const changed = useLoad((signal) => take(api.GET('/api/v1/work-orders', { params: { query: { limit: most, changedSince: new Date(yesterday(Date.now()).at).toISOString() } }, signal })));
  const count = (load: () => Promise<{ items: unknown[] | null; next?: string }>): Load<Count> => useLoad(async () => {
    const page = await load();
    return { n: page.items?.length ?? 0, more: Boolean(page.next) };
  });
  const others = {
    callbacks: session.can('workorder.callback') ? count(() => take(api.GET('/api/v1/work-order-callbacks', { params: { query: { limit: 50 } } }))) : undefined,
    checks: session.can('workorder.verify') ? count(() => take(api.GET('/api/v1/work-order-checks', { params: { query: { limit: 50 } } }))) : undefined,
    statements: session.can('workorder.answer') ? count(async () => {
      const page = await take(api.GET('/api/v1/statements', { params: { query: { limit: 50 } } }));
      return { ...page, items: (page.items ?? []).filter((s) => s.state === 'asked') };
    }) : undefined,
    queue: session.hasRole('street_party', 'street_office', 'community') ? count(() => take(api.GET('/api/v1/street-queue', { params: { query: { limit: 50 } } }))) : undefined,
    applications: session.can('membership.approve') ? count(() => take(api.GET('/api/v1/household-applications', { params: { query: { limit: 50, state: 'pending' } } }))) : undefined,
    audits: session.can('survey.audit') ? count(() => take(api.GET('/api/v1/survey-audits/queue', { params: { query: { limit: 50 } } }))) : undefined,
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  function refresh(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void Promise.all([waiting, overdue, due, changed, others.callbacks, others.checks, others.queue].map((l) => l?.reload())), settle);
  }
  const stream = useOrderChanges({ change: refresh, refetch: refresh, gone: refresh });
  onScopeDispose(() => clearTimeout(timer));

  const soon = computed(() => dueSoon(due.data.value?.items ?? [], now.value));
  const since = computed(() => changesSince(yesterday(now.value).at, changed.data.value?.items ?? []));
  const counted = (load: Load<{ items: unknown[] | null; next?: string }>) => computed<Count | undefined>(() => load.data.value && { n: load.data.value.items?.length ?? 0, more: Boolean(load.data.value.next) });

  return {
    waiting, overdue, due, changed, soon, since, others, stream, shown, partial: computed(() => (changed.data.value?.next ? most : undefined)),
    counts: { waiting: counted(waiting), overdue: counted(overdue) },
  };
}
