import { useI18n } from 'vue-i18n';

import type { Schemas } from '@redproperty/shared/api/client';

/** Names for the codes of audits, in setup: named('state', audit.state). A code without a name is shown as it is. */
export function useWords() {
  const { t, te } = useI18n();
  return (path: string, code: string | undefined) => (code !== undefined && te(`score-audit.${path}.${code}`) ? t(`score-audit.${path}.${code}`) : (code ?? ''));
}

/** Names for what responses have in common, in setup: common('lot', 'p0001') is the first lot of envelopes. */
export function useAttributes(strata: () => Schemas['Stratum'][]) {
  const { t } = useI18n();
  const named = useWords();
  return (by: Schemas['ExclusionGroup']['by'], value: string) => {
    const number = Number(/^[a-z]0*([1-9]\d*)$/.exec(value)?.[1]);
    if (by === 'channel') return named('channel', value);
    if (by === 'stratum') return strata().find((s) => s.no === number)?.name ?? value;
    return number ? t(value.startsWith('p') ? 'score-audit.exclusion.envelopes' : 'score-audit.exclusion.interviewer', { n: number }) : value;
  };
}
