import type { Schemas } from '@redproperty/shared/api/client';
import { useFormat } from '@redproperty/shared/format/use-format';

import { findCategory, useWords, type Group } from '@/features/report/categories';
import { useT } from '@/texts';

/** A row of promised times as a sentence, in setup. */
export function usePromise() {
  const t = useT();
  const format = useFormat();
  return (row: Schemas['SLARow']): string => {
    const within = (key: 'accept' | 'arrive' | 'control' | 'fix', minutes: number | undefined) => (minutes ? [t(`books.sla.${key}`, { span: format.limit(minutes, row.clock) })] : []);
    const parts = [...within('accept', row.acceptMin), ...within('arrive', row.arriveMin), ...within('control', row.controlMin), ...within('fix', row.fixMin)];
    if (row.clock === 'working') parts.push(t('books.sla.working'));
    return parts.join(t('books.sla.also'));
  };
}

/** What a row is about, in setup: the category or group it names, the severity, or every report. What holds for all comes first. */
export function useSubject(groups: () => Group[]) {
  const t = useT();
  const words = useWords();
  const category = (code: string) => {
    const group = groups().find((g) => g.code === code);
    if (group) return t('books.sla.group', { name: words.name(group) });
    const found = findCategory(groups(), code);
    return found ? words.name(found) : code;
  };
  return {
    subject: (row: Schemas['SLARow']): string => {
      const severity = row.severity ? t(`books.sla.severity.${row.severity}`) : '';
      if (!row.category) return severity || t('books.sla.every');
      return severity ? t('books.sla.both', { category: category(row.category), severity }) : category(row.category);
    },
    sorted: (rows: Schemas['SLARow'][]) => [...rows].sort((a, b) => Number(Boolean(a.category)) - Number(Boolean(b.category))),
  };
}
