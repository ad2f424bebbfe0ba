import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Report a hazard (unnamed if you like)',
  how: 'What unnamed means',
  nothing: 'Neither your name, your account nor your home is stored; no log has them either.',
  login: 'You log in first, because only residents report here; the log-in is not kept with the report.',
  link: 'After sending you get a link, shown once. With it you follow, write and rate.',
  home: 'For dangers and bad service in common parts. Repairs in a home need a name, or nobody finds the door.',
  start: 'Begin',
  follow: 'Reported already?',
  followHint: 'Open the link you kept to see how it stands.',
} satisfies Translation<typeof zh>;
