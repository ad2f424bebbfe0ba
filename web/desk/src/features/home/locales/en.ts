import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default { title: 'Workbench', hint: 'What is to be done today', none: 'You hold no post yet', noneHint: 'Ask your organisation to enter your post. Residents use the phone pages.' } satisfies Translation<typeof zh>;
