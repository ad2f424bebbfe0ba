import type { Schemas } from '@redproperty/shared/api/client';

type Order = Schemas['OrderView'];

/** The beginning of yesterday in China, as a moment and as a day. */
export function yesterday(now: number): { at: number; day: string } {
  const day = new Date(now + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
  return { at: Date.parse(`${day}T00:00:00+08:00`), day };
}

/** What changed since a moment, each order once: reported, closed, or moved on otherwise; the latest change first. */
export function changesSince(at: number, orders: Order[]): { reported: Order[]; closed: Order[]; moved: Order[] } {
  const changed = [...new Map(orders.map((o) => [o.id, o])).values()].filter((o) => Date.parse(o.updatedAt) >= at).sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
  const closed = changed.filter((o) => o.times.closedAt && Date.parse(o.times.closedAt) >= at && o.state === 'closed');
  const reported = changed.filter((o) => !closed.includes(o) && Date.parse(o.times.reportedAt) >= at);
  return { reported, closed, moved: changed.filter((o) => !closed.includes(o) && !reported.includes(o)) };
}

/** The first due first, what is long overdue before all; what has no running clock comes last, as it was. */
export function byDue(orders: Order[]): Order[] {
  const due = (o: Order) => (o.dueAt ? Date.parse(o.dueAt) : Number.MAX_SAFE_INTEGER);
  return [...orders].sort((a, b) => due(a) - due(b));
}

/** What is due within a day and not late yet, the first due first. */
export function dueSoon(orders: Order[], now: number): Order[] {
  return byDue(orders.filter((o) => o.dueAt && Date.parse(o.dueAt) >= now && Date.parse(o.dueAt) - now < 86_400_000));
}
