import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'How it stands',
  gone: 'The link is wrong or too old',
  goneHint: 'Please check that it is complete. It works for a year.',
  next: 'The next stage is due by {at}',
  done: '{at}',
  by: 'by {at}',
} satisfies Translation<typeof zh>;
