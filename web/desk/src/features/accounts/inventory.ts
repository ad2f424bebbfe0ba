import { useI18n } from 'vue-i18n';

import type { Schemas } from '@redproperty/shared/api/client';

import { useT } from '@/texts';

type Entry = Schemas['InventoryView'];

/** The inventory of personal data in words. What this application does not know yet is named by its code. */
export function useInventoryWords() {
  const t = useT();
  const { te, locale } = useI18n();
  const known = (key: string, code: string) => (te(key) ? t(key as 'accounts.title') : code);
  const viewer = (who: string) => known(`accounts.data.viewer.${who}`, known(`role.${who}`, who));
  return {
    field: (code: string) => known(`accounts.data.field.${code.replaceAll('.', '_')}`, code),
    kept: (e: Entry) => t(e.keptDays === 0 ? 'accounts.data.until' : 'accounts.data.after', { event: locale.value === 'en' ? e.keptUntil : e.keptUntilZh, n: e.keptDays }),
    viewers: (e: Entry) => new Intl.ListFormat(locale.value, { type: 'conjunction' }).format((e.visibleTo ?? []).map(viewer)) || t('accounts.data.nobody'),
  };
}
