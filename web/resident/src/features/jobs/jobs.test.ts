import { describe, expect, it } from 'vitest';

import { byPlace, byUrgency, neighbourhood, urgencyOf, type Job } from './jobs';

const now = Date.parse('2026-11-30T08:00:00Z'); // 16:00 in China
const job = (id: string, place: string, more: Partial<Job> = {}) => ({ id, severity: 'normal', overdue: false, paused: false, waitingFor: 'assignee', state: 'dispatched', place: { text: place }, ...more }) as Job;

describe('jobs', () => {
  it('are late, dangerous, soon, today, later, or wait for somebody else', () => {
    expect(urgencyOf(job('a', 'x', { dueAt: '2026-11-30T07:59:00Z' }), now)).toBe('late');
    expect(urgencyOf(job('a', 'x', { severity: 'emergency' }), now)).toBe('emergency');
    expect(urgencyOf(job('a', 'x', { dueAt: '2026-11-30T12:00:00Z' }), now)).toBe('soon');
    expect(urgencyOf(job('a', 'x', { dueAt: '2026-11-30T15:59:00Z' }), now)).toBe('today');
    expect(urgencyOf(job('a', 'x', { dueAt: '2026-11-30T16:00:00Z' }), now)).toBe('later');
    expect(urgencyOf(job('a', 'x'), now)).toBe('later');
    expect(urgencyOf(job('a', 'x', { overdue: true, paused: true }), now)).toBe('waiting');
    expect(urgencyOf(job('a', 'x', { overdue: true, state: 'resolved', waitingFor: 'resident' }), now)).toBe('waiting');
  });

  it('know what is near each other', () => {
    expect(neighbourhood('宁海花园一期 1号楼 1单元 601')).toBe('宁海花园一期 1号楼');
  });

  it('stand by urgency and then by place, or by place with the most pressing first', () => {
    const jobs = [
      job('far', 'e1 10号楼', { dueAt: '2026-11-30T09:00:00Z' }),
      job('near', 'e1 2号楼', { dueAt: '2026-11-30T10:00:00Z' }),
      job('late', 'e1 2号楼', { overdue: true }),
      job('done', 'e1 10号楼', { state: 'resolved', waitingFor: 'resident' }),
    ];
    expect(byUrgency(jobs, now).map((g) => [g.name, g.jobs.map((j) => j.id)])).toEqual([['late', ['late']], ['soon', ['near', 'far']], ['waiting', ['done']]]);
    expect(byPlace(jobs, now).map((g) => [g.name, g.jobs.map((j) => j.id)])).toEqual([['e1 2号楼', ['late', 'near']], ['e1 10号楼', ['far', 'done']]]);
  });
});
