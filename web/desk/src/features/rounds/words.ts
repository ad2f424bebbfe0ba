import { useI18n } from 'vue-i18n';

import type { Schemas } from '@redproperty/shared/api/client';

/** Names for the codes of surveys, in setup: named('state', round.state). A code without a name is shown as it is. */
export function useWords() {
  const { t, te, locale } = useI18n();
  return {
    named: (path: string, code: string | undefined) => (code !== undefined && te(`rounds.${path}.${code}`) ? t(`rounds.${path}.${code}`) : (code ?? '')),
    /** A questionnaire's text in the language that is read, or in the other where that one is empty. */
    said: (text: Schemas['Text'] | undefined) => (locale.value === 'en' ? text?.en || text?.zh : text?.zh || text?.en) ?? '',
  };
}
