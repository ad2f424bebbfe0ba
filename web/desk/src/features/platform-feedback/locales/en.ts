import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Feedback',
  hint: 'What users say of the platform itself, without their names. Matters of an estate are not handled here.',
  which: 'Show', waiting: 'Waiting', answered: 'Answered', write: 'Answer', answer: 'Your answer', once: 'It can be answered once, and its writer is told. Do not try to find out who it is.', sent: 'Answered', answeredAt: 'Answered {at}',
  none: 'Nothing waits for an answer', noneAnswered: 'Nothing was answered yet', noneHint: 'What users write under “About the platform” appears here.', forgotten: 'The words were cleared when their time of keeping was over',
} satisfies Translation<typeof zh>;
