import { isBehind, type Action } from '@/features/offline/action';

import type { Detail } from './jobs';

/** An order as it will be once what waits on the phone has arrived. */
export interface Ahead {
  state: string;
  paused: boolean;
  /** The steps that are open to the person then. */
  steps: Set<string>;
}

/** What a step does to what can be done next. The server has the last word; this only lets the work go on without it. */
const moves: Record<string, (a: Ahead, order: Detail) => unknown> = {
  accept: (a) => to(a, 'accepted', ['accept'], ['dispatch']),
  dispatch: (a) => to(a, 'dispatched', ['dispatch', 'accept'], ['assign', 'arrive', 'note']),
  assign: (a, order) => order.handler.assignedToYou && to(a, a.state, [...a.steps].filter((s) => s !== 'note'), []), // another's then
  arrive: (a, order) => to(a, 'in_progress', ['arrive', 'object'], ['note', 'resolve', ...(controlled(order) ? [] : ['control'])]),
  control: (a) => to(a, a.state, ['control'], []),
  pause: (a) => {
    a.paused = true;
    to(a, a.state, ['pause', 'arrive'], ['resume']);
  },
  resume: (a) => {
    a.paused = false;
    to(a, a.state, ['resume'], a.state === 'dispatched' ? ['pause', 'arrive'] : ['pause']);
  },
  resolve: (a) => to(a, 'resolved', [...a.steps].filter((s) => s !== 'note'), []),
  take_up: (a) => to(a, 'dispatched', ['take_up'], ['arrive']),
};

function to(a: Ahead, state: string, closed: string[], opened: string[]): void {
  a.state = state;
  for (const s of closed) a.steps.delete(s);
  for (const s of opened) a.steps.add(s);
}

const controlled = (order: Detail) => (order.times.stages ?? []).some((s) => s.stage === 'control' && s.doneAt);

/** The order after the steps that wait on the phone, in their order. */
export function ahead(order: Detail, waiting: string[]): Ahead {
  const a: Ahead = { state: order.state, paused: order.paused, steps: new Set((order.steps ?? []).filter((s) => s.allowed).map((s) => s.step)) };
  for (const step of waiting) moves[step]?.(a, order);
  return a;
}

/** The steps on an order that are not at the server, by what becomes of them. */
export interface Unsent {
  /** Refused: the person decides. */
  refused: string[];
  /** Done before that was known: they wait for the decision, and nothing may be built on them. */
  held: string[];
  /** On their way. */
  going: string[];
}

/** What of an order's queue is steps, messages and photos that were refused, in their order. */
export function unsentOf(queue: Action[]): Unsent {
  const told = queue.filter((a) => a.kind.startsWith('jobs.') || a.refusal);
  const names = (which: (a: Action) => boolean) => told.filter(which).map((a) => a.kind.split('.')[1]!);
  return { refused: names((a) => a.refusal !== undefined), held: names((a) => isBehind(queue, a)), going: names((a) => !a.refusal && !isBehind(queue, a)) };
}
