import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default { tab: 'Me', title: 'Me' } satisfies Translation<typeof zh>;
