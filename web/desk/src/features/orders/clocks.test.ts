import { describe, expect, it } from 'vitest';

import type { Schemas } from '@redproperty/shared/api/client';

import { minutesAndSeconds, stageClocks, urgency } from './clocks';

const order = (stages: Schemas['OrderStage'][], waitingFor = 'handler') => ({ waitingFor, times: { stages } }) as unknown as Schemas['OrderView'];
const now = Date.parse('2026-11-30T08:00:00Z');

describe('the limits of an order', () => {
  it('are late, running, done in time, done late, not begun, or without a limit', () => {
    const clocks = stageClocks(order([
      { stage: 'accept', minutes: 10, dueAt: '2026-11-30T07:10:00Z', doneAt: '2026-11-30T07:05:00Z' },
      { stage: 'arrive', minutes: 30, dueAt: '2026-11-30T07:30:00Z', doneAt: '2026-11-30T07:45:00Z' },
      { stage: 'control', minutes: 0 },
      { stage: 'fix', minutes: 60, dueAt: '2026-11-30T07:59:00Z' },
    ]), now);
    expect(clocks.map((c) => c.how)).toEqual(['done', 'doneLate', 'none', 'late']);
    expect(clocks[1]!.left).toBe(-15 * 60_000);
    expect(stageClocks(order([{ stage: 'fix', minutes: 5 }]), now)[0]!.how).toBe('waiting');
    expect(stageClocks(order([{ stage: 'fix', minutes: 5, dueAt: '2026-11-30T08:01:00Z' }]), now)[0]).toMatchObject({ how: 'running', left: 60_000 });
  });

  it('say that a stage was passed over, and that nothing runs once it is over', () => {
    const stages = [{ stage: 'arrive', minutes: 5, dueAt: '2026-11-30T07:00:00Z' }, { stage: 'fix', minutes: 5, doneAt: '2026-11-30T07:00:00Z' }];
    expect(stageClocks(order(stages), now)[0]!.how).toBe('skipped');
    expect(stageClocks(order([stages[0]!], 'none'), now)[0]!.how).toBe('skipped');
  });

  it('count the last hour by the second', () => {
    expect(urgency(undefined, now)).toBe('none');
    expect(urgency('2026-11-30T07:59:59Z', now)).toBe('over');
    expect(urgency('2026-11-30T08:59:59Z', now)).toBe('soon');
    expect(urgency('2026-11-30T09:00:00Z', now)).toBe('later');
    expect(minutesAndSeconds(61_999)).toBe('01:01');
    expect(minutesAndSeconds(-5)).toBe('00:00');
  });
});
