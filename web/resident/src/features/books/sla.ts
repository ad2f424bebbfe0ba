import type { Schemas } from '@redproperty/shared/api/client';
import { useFormat } from '@redproperty/shared/format/use-format';

import { useT } from '@/texts';

/** A row of promised times as a sentence, in setup. */
export function usePromise() {
  const t = useT();
  const format = useFormat();
  return (row: Schemas['SLARow']): string => {
    const within = (key: 'accept' | 'arrive' | 'control' | 'fix', minutes: number | undefined) => (minutes ? [t(`books.sla.${key}`, { span: format.span(minutes * 60_000) })] : []);
    const parts = [...within('accept', row.acceptMin), ...within('arrive', row.arriveMin), ...within('control', row.controlMin), ...within('fix', row.fixMin)];
    if (row.clock === 'working') parts.push(t('books.sla.working'));
    return parts.join(t('books.sla.also'));
  };
}
