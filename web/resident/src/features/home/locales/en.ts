import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  tab: 'Home',
  title: 'Home',
  noHousehold: 'You have not joined a home yet',
  noHouseholdHint: 'With the code from your community, or the QR code on the slip, you join your home to report and to answer surveys.',
  join: 'Join a home',
  report: 'Report a problem',
  reportHint: 'Leaks, power, cleaning, complaints',
  hazard: 'Report a hazard',
  hazardHint: 'May be unnamed',
  waiting: 'Waits for you',
  nothingWaits: 'Nothing waits for you.',
  underWay: 'Under way',
  all: 'All {n}',
  late: '{n} past their limit; the next level was told.',
  estate: 'My estate',
  surveyUntil: 'Satisfaction survey, until {at}',
  application: 'Your application to join a home is being looked at',
  round: {
    frozen: 'Satisfaction survey, begins {at}', closing: 'Satisfaction survey, being counted', closed: 'Satisfaction survey ended, being counted', scored: 'Satisfaction survey scored, to be published', published: 'Satisfaction survey published', revised: 'Satisfaction survey corrected',
  },
  books: 'Open books',
  booksHint: 'Contract and promises, monthly figures, survey results',
  inbox: 'Messages',
  posts: 'My posts',
  desk: 'Open the desk (for a computer)',
  guide: {
    title: 'Your first time here',
    report: 'Press “Report a problem” and say where; photos are optional.',
    confirm: 'When it is done you say whether it is solved; if not, it goes back to work.',
    private: 'Each order shows who looked at your name and phone.',
    dismiss: 'Got it',
  },
} satisfies Translation<typeof zh>;
