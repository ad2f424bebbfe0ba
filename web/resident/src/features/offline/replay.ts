import { asApiError, type ApiError } from '@redproperty/shared/api/problem';

import * as queue from './action';
import type { Action, Effect } from './action';
import type { Box } from './box';

/** Sends one action under its key; throws what the server refused, or that nothing answered. */
export type Send = (action: Action) => Promise<Effect>;

/** Why sending ended: nothing is left to send, nothing answers, the server asks to wait (milliseconds), or the log-in has ended. */
export type Stop = { why: 'empty' } | { why: 'away' } | { why: 'wait'; ms: number } | { why: 'login' };

/**
 * Sends what waits, oldest first and one at a time, each under the key it was made with. It can be stopped anywhere: what was
 * sent and not yet marked is sent again under the same key, and the server answers as it did the first time.
 */
export async function replay(box: Box, account: string, send: Send, now: () => number, told: (action: Action | undefined) => void): Promise<Stop> {
  try {
    for (;;) {
      const action = queue.next(await box.all(), account);
      if (!action) return { why: 'empty' };
      if (queue.isDoubtful(action, now())) {
        await box.edit((all) => queue.refused(all, action.key, { status: 0, code: queue.doubtful, message: '' }));
        continue;
      }
      await box.edit((all) => queue.tried(all, action.key, now()));
      told(action);
      const stop = await attempt(box, action, send);
      if (stop) return stop;
    }
  } finally {
    told(undefined);
  }
}

async function attempt(box: Box, action: Action, send: Send): Promise<Stop | undefined> {
  let effect: Effect;
  try {
    effect = await send(action);
  } catch (thrown) {
    return refusedOrAway(box, action, asApiError(thrown));
  }
  await box.edit((all) => queue.sent(all, action.key, effect));
  return undefined;
}

async function refusedOrAway(box: Box, action: Action, error: ApiError): Promise<Stop | undefined> {
  if (error.status === 401) return { why: 'login' };
  if (error.status === 429) return { why: 'wait', ms: (error.retryAfter ?? 30) * 1000 };
  if (error.status === 0 || [408, 425, 502, 503, 504].includes(error.status)) return { why: 'away' };
  if (error.uncertain) {
    await box.edit((all) => queue.failed(all, action.key, error));
    const row = (await box.all()).find((a) => a.key === action.key);
    return row && queue.standing(row) === 'waiting' ? { why: 'away' } : undefined;
  }
  await box.edit((all) => queue.refused(all, action.key, error));
  return undefined;
}

/** How long to wait before the next try after so many in a row found nobody: 5 s, doubling up to 5 minutes. */
export function pause(tries: number): number {
  return Math.min(5000 * 2 ** Math.max(0, tries - 1), 300_000);
}
