import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Answers in words',
  hint: 'What tells who wrote can be blacked out; nothing can be rewritten. That words are critical is no reason to withhold them, and how many were withheld is public.',
  state: 'State',
  states: { waiting: 'To review', released: 'Released', withheld: 'Withheld' },
  words: 'Words: {question}',
  hide: 'Black out the selection',
  restore: 'As it was written',
  decision: 'Decision',
  to: { released: 'Release', withheld: 'Withhold' },
  later: 'Leave for now',
  reason: 'Choose a reason',
  why: { tells_who: 'Tells who wrote, or accuses somebody by name', insult: 'Insult', unlawful: 'Unlawful', unrelated: 'Not about the service' },
  reasonMissing: '{n} need a reason',
  send: 'Send {n}',
  done: '{n} decided',
  empty: 'Nothing to review',
  emptyHint: 'Where fewer than 5 answered a question in words nobody reads any, so that nobody is recognised.',
} satisfies Translation<typeof zh>;
