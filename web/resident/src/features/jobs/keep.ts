import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { now } from '@redproperty/shared/session/clock';
import { drop, keep, names, recall } from '@redproperty/shared/session/kept';

import type { Detail, Job } from './jobs';

/** Everything of a job that is read on the spot. Whom to ring is not among it: that is asked for each time, and recorded. */
export interface JobFile {
  order: Detail;
  events: Schemas['OrderEvent'][];
  messages: Schemas['RelayMessage'][];
}

/** The most jobs that are copied ahead: nobody does more in a shift. */
const most = 30;

export async function loadJob(api: Api, id: string, signal?: AbortSignal): Promise<JobFile> {
  const ask = { params: { path: { id } }, signal: signal ?? null };
  const [order, events, messages] = await Promise.all([
    take(api.GET('/api/v1/work-orders/{id}', ask)),
    take(api.GET('/api/v1/work-orders/{id}/events', ask)),
    take(api.GET('/api/v1/work-orders/{id}/messages', { ...ask, params: { path: { id }, query: { limit: 200 } } })),
  ]);
  return { order, events: events ?? [], messages: messages.items ?? [] };
}

/** Whether a job is one's own and open: no other is kept on the phone. */
export function isOwn(job: Pick<Job, 'handler' | 'state'>): boolean {
  return job.handler.assignedToYou && ['dispatched', 'in_progress', 'deferred'].includes(job.state);
}

/** The name under which a job is kept. */
export const fileName = (id: string) => `job/${id}`;

/** Copies one's own open jobs to the device, one after another, so that they can be read in a cellar, and takes away those that are no longer. Stops where the network does. */
export async function copyAhead(api: Api, account: string, jobs: Job[]): Promise<void> {
  const own = jobs.filter(isOwn).slice(0, most);
  const wanted = new Set(own.map((j) => fileName(j.id)));
  for (const name of await names(account, fileName(''))) if (!wanted.has(name)) await drop(account, name);
  for (const job of own) {
    const copy = await recall<JobFile>(account, fileName(job.id));
    if (copy?.value.order.version === job.version && now() - copy.at < 3_600_000) continue;
    try {
      await keep(account, fileName(job.id), await loadJob(api, job.id));
    } catch {
      return; // the next opening of the list goes on
    }
  }
}
