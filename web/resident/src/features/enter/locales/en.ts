import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Coming in',
  under: 'Letting you in',
  underHint: 'Checking what the other app sent along. One moment.',
  failed: 'You could not be let in',
  missing: 'Nothing to let you in with',
  missingHint: 'Go back to the other app and try again, or log in with a code.',
  other: 'Somebody is logged in on this phone',
  otherHint: 'You come from another app. Change to the account there, or go on as you are?',
  change: 'Change to the account there',
  stay: 'Go on as I am',
  byCode: 'Log in with a code',
} satisfies Translation<typeof zh>;
