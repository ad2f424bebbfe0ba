import { useI18n } from 'vue-i18n';

import type zh from './locales/zh-CN';

/** Groups of the texts that name codes of the API. */
type Group = { [K in keyof typeof zh]: (typeof zh)[K] extends Record<string, string> ? K : never }[keyof typeof zh];

/** Names for the codes of orders, in setup: word('state', order.state). A code without a name is shown as it is. */
export function useWords() {
  const { t, te } = useI18n();
  const named = (key: string, code: string) => (te(key) ? t(key) : code);
  return {
    word: (group: Group, code: string) => named(`orders.${group}.${code}`, code),
    named: (path: string, code: string) => named(`orders.${path}.${code}`, code),
    /** Why a step is not possible, from the code of its refusal. */
    why: (code: string | undefined) => {
      const key = `orders.why.${(code ?? '').replaceAll('.', '_')}`;
      return te(key) ? t(key) : t('orders.why.other');
    },
  };
}
