import type { Schemas } from '@redproperty/shared/api/client';

type Order = Schemas['OrderView'];
type Stage = Schemas['OrderStage'];

/** How a limit stands. */
export interface StageClock {
  stage: string;
  minutes: number;
  dueAt: string | undefined;
  doneAt: string | undefined;
  how: 'none' | 'waiting' | 'running' | 'late' | 'done' | 'doneLate' | 'skipped';
  /** Milliseconds until the limit; negative past it. For what is done: how late it was, negative. */
  left: number;
}

const at = (moment: string) => new Date(moment).getTime();

/** The limits of an order as they stand now. What was passed over without a record is said to be so. */
export function stageClocks(order: Order, now: number): StageClock[] {
  const stages = order.times.stages ?? [];
  const last = stages.map((s) => s.doneAt !== undefined).lastIndexOf(true);
  const over = order.waitingFor === 'none';
  return stages.map((s, i) => ({ stage: s.stage, minutes: s.minutes, dueAt: s.dueAt, doneAt: s.doneAt, ...standing(s, i < last || over, now) }));
}

function standing(s: Stage, passed: boolean, now: number): Pick<StageClock, 'how' | 'left'> {
  if (s.doneAt) {
    const left = s.dueAt ? at(s.dueAt) - at(s.doneAt) : 0;
    return { how: left < 0 ? 'doneLate' : 'done', left };
  }
  if (s.minutes === 0) return { how: 'none', left: 0 };
  if (passed) return { how: 'skipped', left: 0 };
  if (!s.dueAt) return { how: 'waiting', left: 0 };
  const left = at(s.dueAt) - now;
  return { how: left < 0 ? 'late' : 'running', left };
}

/** How urgent a due moment is: over, within the hour, today's, or later. */
export function urgency(dueAt: string | undefined, now: number): 'none' | 'over' | 'soon' | 'later' {
  if (!dueAt) return 'none';
  const left = at(dueAt) - now;
  if (left < 0) return 'over';
  return left < 3_600_000 ? 'soon' : 'later';
}

/** The last hour as 07:45. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
