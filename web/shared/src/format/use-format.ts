import { useI18n } from 'vue-i18n';

import type { Locale } from '../i18n/types';
import { now as present } from '../session/clock';
import * as format from './format';

/** The formats in the language that is shown, in setup. */
export function useFormat() {
  const { locale, t } = useI18n();
  const now = () => locale.value as Locale;
  const spanText = (ms: number) => format.span(ms).map(([n, unit]) => t(`unit.${unit}`, { n })).join(' ') || t('unit.lessThanMinute');
  return {
    dateTime: (at: string | number | Date) => format.dateTime(at, now()),
    moment: (at: string | number | Date) => format.moment(at, now()),
    /** A moment as one says it: "today 19:52", without the year where it is this one. For what is soon or was lately; what is kept or printed has dateTime. */
    when: (at: string | number | Date) => {
      const near = format.nearby(at);
      return near ? t(`time.${near.day}`, { at: near.time }) : format.moment(at, now());
    },
    date: (at: string | number | Date) => format.date(at, now()),
    month: (at: string) => format.month(at, now()),
    money: (fen: number) => format.money(fen, now()),
    roundMoney: (fen: number) => format.roundMoney(fen, now()),
    area: (centi: number) => format.area(centi, now()),
    count: (n: number) => format.count(n, now()),
    share: (part: number, whole: number) => format.share(part, whole, now()) ?? '–',
    span: spanText,
    /** A promised limit in minutes of its clock. */
    limit: (minutes: number, clock: 'natural' | 'working') => format.limit(minutes, clock).map(([n, unit]) => t(`unit.${unit}`, { n })).join(' '),
    /** "2 hours left" or "3 days overdue". */
    due: (at: string | number | Date, from: number = present()) => {
      const ms = new Date(at).getTime() - from;
      return t(ms >= 0 ? 'time.left' : 'time.over', { span: spanText(ms) });
    },
    ago: (at: string | number | Date, from: number = present()) => {
      const ms = from - new Date(at).getTime();
      return ms < 60_000 ? t('time.now') : t('time.ago', { span: spanText(ms) });
    },
  };
}
