import type books from './books/locales/zh-CN';
import type calls from './calls/locales/zh-CN';
import type enter from './enter/locales/zh-CN';
import type follow from './follow/locales/zh-CN';
import type hazard from './hazard/locales/zh-CN';
import type home from './home/locales/zh-CN';
import type join from './join/locales/zh-CN';
import type jobs from './jobs/locales/zh-CN';
import type me from './me/locales/zh-CN';
import type offline from './offline/locales/zh-CN';
import type news from './news/locales/zh-CN';
import type orders from './orders/locales/zh-CN';
import type renovation from './renovation/locales/zh-CN';
import type report from './report/locales/zh-CN';
import type survey from './survey/locales/zh-CN';
import type votes from './votes/locales/zh-CN';

/** The texts of the features, one line each, so that a wrong key does not compile. */
export interface FeatureMessages {
  books: typeof books;
  calls: typeof calls;
  enter: typeof enter;
  follow: typeof follow;
  hazard: typeof hazard;
  home: typeof home;
  join: typeof join;
  jobs: typeof jobs;
  me: typeof me;
  offline: typeof offline;
  news: typeof news;
  orders: typeof orders;
  renovation: typeof renovation;
  report: typeof report;
  survey: typeof survey;
  votes: typeof votes;
}
