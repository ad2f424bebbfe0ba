import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  home: 'Go to the start page',
  tabs: 'Main pages',
} satisfies Translation<typeof zh>;
