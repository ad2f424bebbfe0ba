import type home from './home/locales/zh-CN';
import type me from './me/locales/zh-CN';
import type orders from './orders/locales/zh-CN';
import type report from './report/locales/zh-CN';

/** The texts of the features, one line each, so that a wrong key does not compile. */
export interface FeatureMessages {
  home: typeof home;
  me: typeof me;
  orders: typeof orders;
  report: typeof report;
}
