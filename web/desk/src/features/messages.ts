import type callbacks from './callbacks/locales/zh-CN';
import type contracts from './contracts/locales/zh-CN';
import type forms from './forms/locales/zh-CN';
import type frontDesk from './front-desk/locales/zh-CN';
import type imports from './imports/locales/zh-CN';
import type joining from './joining/locales/zh-CN';
import type orders from './orders/locales/zh-CN';
import type people from './people/locales/zh-CN';
import type places from './places/locales/zh-CN';
import type paper from './paper/locales/zh-CN';
import type rates from './rates/locales/zh-CN';
import type rounds from './rounds/locales/zh-CN';
import type scoreAudit from './score-audit/locales/zh-CN';
import type statements from './statements/locales/zh-CN';
import type streetQueue from './street-queue/locales/zh-CN';
import type workbench from './workbench/locales/zh-CN';
import type yearPlans from './year-plans/locales/zh-CN';

/** The texts of the features, one line each, so that a wrong key does not compile. */
export interface FeatureMessages {
  callbacks: typeof callbacks;
  contracts: typeof contracts;
  forms: typeof forms;
  'front-desk': typeof frontDesk;
  imports: typeof imports;
  joining: typeof joining;
  orders: typeof orders;
  people: typeof people;
  places: typeof places;
  paper: typeof paper;
  rates: typeof rates;
  rounds: typeof rounds;
  'score-audit': typeof scoreAudit;
  statements: typeof statements;
  'street-queue': typeof streetQueue;
  workbench: typeof workbench;
  'year-plans': typeof yearPlans;
}
