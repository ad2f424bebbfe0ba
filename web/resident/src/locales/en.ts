import core from '@redproperty/shared/i18n/en';
import { gather } from '@redproperty/shared/i18n/i18n';
import type { Tree } from '@redproperty/shared/i18n/types';

import shell from '../app/locales/en';

/** All texts in English: the shared ones, the frame's, and each feature's under the name of its folder. */
export default { ...core, shell, ...gather(import.meta.glob<{ default: Tree }>('../features/*/locales/en.ts', { eager: true })) };
