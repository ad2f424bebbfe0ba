import { useI18n } from 'vue-i18n';

import { useFormat } from '@redproperty/shared/format/use-format';
import type { Locale } from '@redproperty/shared/i18n/types';

import { useCategories } from '@/features/orders/categories';

import { stages, type SlaRow } from './sla';

/** Names for the codes of contracts, in setup: named('state', c.state). A code without a name is shown as it is. */
export function useWords() {
  const { t, te, locale } = useI18n();
  const categories = useCategories();
  const named = (path: string, code: string | undefined) => (code !== undefined && te(`contracts.${path}.${code}`) ? t(`contracts.${path}.${code}`) : (code ?? ''));
  const { limit } = useFormat();
  return {
    named,
    /** Why a step is not possible, from the code of its refusal; a step that is another's says whose. */
    why: (step: string, code: string | undefined) => {
      const own = code === 'auth.forbidden' ? `contracts.who.${step}` : `contracts.why.${(code ?? '').replaceAll('.', '_')}`;
      return te(own) ? t(own) : t('contracts.why.other');
    },
    /** The promises of a cell: "30 minutes to arrive". */
    promises: (row: SlaRow) => stages.filter((s) => row[s]).map((s) => t(`contracts.sla.within.${s}`, { span: limit(row[s] ?? 0, row.clock) })),
    /** Name of a category or of a group of categories; all matters for the empty code. */
    category: (code: string) => {
      if (!code) return t('contracts.sla.all');
      const group = categories.tree?.groups?.find((g) => g.code === code);
      if (group) return t('contracts.sla.group', { name: locale.value === 'en' ? group.nameEn : group.nameZh });
      return categories.name(code, locale.value as Locale);
    },
    /** Name of a deadline, with its distance from the end of the term. */
    deadline: (kind: string) => {
      const [, when, days] = /^(renewal|after)_(\d+)$/.exec(kind) ?? [];
      return when ? t(`contracts.deadlines.kind.${when}`, { n: days ?? '' }) : named('deadlines.kind', kind);
    },
    /** How a deadline was counted. */
    counted: (d: { count: number; unit: string; countedBack: boolean; baseOn: string }, day: (on: string) => string) =>
      d.count === 0 ? t('contracts.deadlines.theDay') : t(d.countedBack ? 'contracts.deadlines.before' : 'contracts.deadlines.after', { day: day(d.baseOn), span: t(`contracts.span.${d.unit}`, { n: d.count }) }),
  };
}
