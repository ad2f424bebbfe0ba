import { useI18n } from 'vue-i18n';

import { useFormat } from '@redproperty/shared/format/use-format';

import { useT } from '@/texts';

/** Words for limits. A limit that this application does not know yet is named by its code. */
export function useWords() {
  const t = useT();
  const { te } = useI18n();
  const { span, count } = useFormat();
  return {
    limit: (code: string) => (te(`limits.name.${code}`) ? t(`limits.name.${code as 'writes_per_account'}`) : code),
    rate: (r: { burst: number; count: number; periodSeconds: number }) => t('limits.rate', { burst: count(r.burst), count: count(r.count), period: r.periodSeconds < 60 ? t('limits.seconds', { n: r.periodSeconds }) : span(r.periodSeconds * 1000) }),
  };
}
