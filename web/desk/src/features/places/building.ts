import type { Schemas } from '@redproperty/shared/api/client';

import type { AskField } from '@/parts/ask';
import type { useT } from '@/texts';

type Building = Schemas['Building'];

/** The fields of a building; what is there already stands in them. */
export function buildingFields(t: ReturnType<typeof useT>, b?: Building): AskField[] {
  const n = (value: number | undefined) => (value ? String(value) : '');
  return [
    { name: 'name', kind: 'line', label: t('places.field.name'), most: 60, hint: t('places.buildingHint'), initial: b?.name ?? '' },
    { name: 'floorsAbove', kind: 'number', label: t('places.field.floorsAbove'), most: 3, optional: true, initial: n(b?.floorsAbove) },
    { name: 'floorsBelow', kind: 'number', label: t('places.field.floorsBelow'), most: 2, optional: true, initial: n(b?.floorsBelow) },
    { name: 'builtYear', kind: 'number', label: t('places.field.builtYear'), most: 4, optional: true, initial: n(b?.builtYear) },
    { name: 'order', kind: 'number', label: t('places.field.order'), most: 6, optional: true, initial: n(b?.order), hint: t('places.orderHint') },
  ];
}

/** What was typed, as the API takes it. What is no number is sent as typed, for the server to say so at its field. */
export function buildingBody(v: Record<string, string>): Schemas['BuildingBody'] {
  const number = (name: 'floorsAbove' | 'floorsBelow' | 'builtYear' | 'order') => {
    const typed = (v[name] ?? '').trim();
    return typed === '' ? {} : { [name]: /^\d+$/.test(typed) ? Number(typed) : (typed as unknown as number) };
  };
  return { name: v['name'] ?? '', ...number('floorsAbove'), ...number('floorsBelow'), ...number('builtYear'), ...number('order') };
}
