import type { CoreMessages } from '@redproperty/shared/i18n/core';
import { useTexts } from '@redproperty/shared/i18n/i18n';

import type shell from './app/locales/zh-CN';
import type { FeatureMessages } from './features/messages';

type Messages = CoreMessages & { shell: typeof shell } & FeatureMessages;

/** The texts, in setup: const t = useT(); t('orders.list.title'). An unknown key does not compile. */
export const useT = () => useTexts<Messages>();
