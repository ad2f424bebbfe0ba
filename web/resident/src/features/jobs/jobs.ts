import type { Schemas } from '@redproperty/shared/api/client';

export type Job = Schemas['OrderView'];
export type Detail = Schemas['OrderDetail'];

/** How pressing a job is, the most pressing first. */
export const urgencies = ['late', 'emergency', 'soon', 'today', 'later', 'waiting'] as const;
export type Urgency = (typeof urgencies)[number];

const soon = 4 * 3_600_000;
const day = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10); // the day in China

/** How pressing it is now. What waits for somebody else is last, whatever its time. */
export function urgencyOf(job: Pick<Job, 'overdue' | 'severity' | 'dueAt' | 'paused' | 'waitingFor' | 'state'>, now: number): Urgency {
  if (job.paused || ['resident', 'area', 'none'].includes(job.waitingFor) || ['resolved', 'verified'].includes(job.state)) return 'waiting';
  const due = job.dueAt ? new Date(job.dueAt).getTime() : undefined;
  if (job.overdue || (due !== undefined && due < now)) return 'late';
  if (job.severity === 'emergency') return 'emergency';
  if (due === undefined) return 'later';
  if (due - now <= soon) return 'soon';
  return day(due) === day(now) ? 'today' : 'later';
}

/** The building, or whatever comes nearest: the part of the place that several jobs share. */
export function neighbourhood(text: string): string {
  return text.split(' ').slice(0, 2).join(' ');
}

export interface Group {
  /** An urgency, or a place. */
  name: string;
  jobs: Job[];
}

/** The jobs by urgency, and within it by place, so that one way serves several. */
export function byUrgency(jobs: Job[], now: number): Group[] {
  const sorted = [...jobs].sort((a, b) => a.place.text.localeCompare(b.place.text, 'zh-CN', { numeric: true }) || due(a) - due(b));
  return urgencies.map((name) => ({ name, jobs: sorted.filter((j) => urgencyOf(j, now) === name) })).filter((g) => g.jobs.length > 0);
}

/** The jobs by place, the place with the most pressing one first. */
export function byPlace(jobs: Job[], now: number): Group[] {
  const groups = new Map<string, Job[]>();
  for (const job of [...jobs].sort((a, b) => rank(a, now) - rank(b, now) || due(a) - due(b))) {
    const at = neighbourhood(job.place.text);
    groups.set(at, [...(groups.get(at) ?? []), job]);
  }
  return [...groups].map(([name, all]) => ({ name, jobs: all }));
}

const due = (job: Job) => (job.dueAt ? new Date(job.dueAt).getTime() : Number.MAX_SAFE_INTEGER);
const rank = (job: Job, now: number) => urgencies.indexOf(urgencyOf(job, now));
