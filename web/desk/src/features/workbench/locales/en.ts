import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Workbench',
  hint: 'What is to be done today',
  none: 'You hold no post yet',
  noneHint: 'Ask your organisation to enter your post. Residents use the phone pages.',
  go: 'Where to go',
  tile: { waiting: 'Waiting for me', overdue: 'Overdue', soon: 'Due within 24 hours', fresh: 'New since yesterday', callbacks: 'Call-backs', checks: 'Checks', statements: 'Statements', queue: 'Street’s queue' },
  atLeast: '{n}+',
  waiting: { title: 'Waiting for me', none: 'Nothing waits for you', noneHint: 'As soon as an order is your move, it appears here.', all: 'All' },
  overdue: { title: 'Overdue', none: 'Nothing is overdue' },
  soon: { title: 'Due soon', none: 'Nothing is due within 24 hours' },
  since: { title: 'Since yesterday', reported: '{n} reported', closed: '{n} closed', moved: '{n} moved on', none: 'Nothing has changed since yesterday', partial: 'among the latest {n}' },
} satisfies Translation<typeof zh>;
