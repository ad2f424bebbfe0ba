import core from '@redproperty/shared/i18n/zh-CN';
import { gather } from '@redproperty/shared/i18n/i18n';
import type { Tree } from '@redproperty/shared/i18n/types';

import shell from '../app/locales/zh-CN';

/** All texts in Chinese: the shared ones, the frame's, and each feature's under the name of its folder. */
export default { ...core, shell, ...gather(import.meta.glob<{ default: Tree }>('../features/*/locales/zh-CN.ts', { eager: true })) };
