import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'The street’s queue',
  hint: 'Orders that used up 200% of a limit and do not move: the agenda of the joint meeting. The oldest first.',
  column: { order: 'Order', severity: 'Severity', stage: 'Stuck at', level: 'Limit used', since: 'At this level since' },
  empty: 'Nothing for the street',
  emptyHint: 'An order that uses up twice its limit without moving appears here by itself.',
  print: 'Print the agenda',
} satisfies Translation<typeof zh>;
