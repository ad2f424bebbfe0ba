import type home from './home/locales/zh-CN';
import type orders from './orders/locales/zh-CN';

/** The texts of the features, one line each, so that a wrong key does not compile. */
export interface FeatureMessages {
  home: typeof home;
  orders: typeof orders;
}
