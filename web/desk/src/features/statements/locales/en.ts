import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Statements',
  hint: 'The community or the street asks your organisation about a case of conduct. Nothing in it tells who complained: do not ask or guess.',
  state: { asked: 'To answer', answered: 'Answered', withdrawn: 'Taken back' },
  asked: 'asked {at}',
  due: 'answer by {at}',
  late: 'answered late',
  answer: 'Answer',
  write: 'Write the answer',
  writeHint: 'For your organisation, once. It cannot be changed afterwards.',
  answeredAt: 'answered {at}',
  sent: 'Answered',
  short: 'Please write an answer',
  empty: 'Nothing was asked',
  emptyHint: 'When something is, your organisation is told, and it appears here.',
} satisfies Translation<typeof zh>;
