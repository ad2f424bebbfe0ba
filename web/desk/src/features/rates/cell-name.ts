import { useI18n } from 'vue-i18n';

import { useFormat } from '@redproperty/shared/format/use-format';
import type { Locale } from '@redproperty/shared/i18n/types';

import { useCategories } from '@/features/orders/categories';
import { useT } from '@/texts';

import type { Cell } from './query';

/** What a row of the rates is called in the page's language. Places and companies keep their own names; what is in nobody's hands but the community's has none. */
export function useCellName(): (cell: Cell) => string {
  const t = useT();
  const { locale } = useI18n();
  const { month } = useFormat();
  const categories = useCategories();
  return (c) => {
    if (c.dimension === 'total') return t('rates.total');
    if (c.dimension === 'month') return month(c.key);
    if (c.dimension === 'category') return categories.name(c.key, locale.value as Locale);
    if (c.dimension === 'company' && !c.companyId) return t('rates.flags.communityHands');
    return c.name || c.key;
  };
}
