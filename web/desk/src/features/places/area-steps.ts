import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

import type { Ask } from '@/parts/ask';
import { today } from '@/parts/moment';
import { useT } from '@/texts';

type Area = Schemas['AreaNode'];

/** What can be done to a division or an estate by who keeps it. */
export function useAreaSteps() {
  const t = useT();
  const api = useApi();
  const version = (a: { version: number }) => ({ 'If-Match': `"${a.version}"` });

  function rename(a: Area): Ask {
    const day = a.kind === 'estate' ? [] : [{ name: 'from', kind: 'date' as const, label: t('places.field.from'), initial: today() }];
    return {
      title: t('places.step.rename'), action: t('places.step.rename'), will: t(a.kind === 'estate' ? 'places.will.renameEstate' : 'places.will.rename'),
      fields: [{ name: 'name', kind: 'line', label: t('places.field.name'), most: 100, initial: a.name }, ...day],
      send: ({ headers }, v) => take(api.POST('/api/v1/areas/{areaId}/rename', { params: { path: { areaId: a.id } }, body: { name: v['name'] ?? '', ...(a.kind === 'estate' ? {} : { from: v['from'] ?? '' }) }, headers: { ...headers, ...version(a) } })),
    };
  }

  function renumber(a: Area): Ask {
    return {
      title: t('places.step.renumber'), action: t('places.step.renumber'), will: t('places.will.renumber'),
      fields: [{ name: 'code', kind: 'line', label: t('places.field.code'), most: 12, initial: a.code ?? '' }, { name: 'from', kind: 'date', label: t('places.field.from'), initial: today() }],
      send: ({ headers }, v) => take(api.POST('/api/v1/areas/{areaId}/renumber', { params: { path: { areaId: a.id } }, body: { code: v['code'] ?? '', from: v['from'] ?? '' }, headers: { ...headers, ...version(a) } })),
    };
  }

  function addDivision(a: Area): Ask {
    return {
      title: t('places.step.addDivision'), action: t('places.step.add'), will: t('places.will.addDivision'),
      fields: [{ name: 'name', kind: 'line', label: t('places.field.name'), most: 100 }, { name: 'code', kind: 'line', label: t('places.field.code'), most: 12, hint: t('places.codeHint') }, { name: 'from', kind: 'date', label: t('places.field.from'), initial: today() }],
      send: ({ headers }, v) => take(api.POST('/api/v1/areas', { body: { parentId: a.id, name: v['name'] ?? '', code: v['code'] ?? '', from: v['from'] ?? '' }, headers })),
    };
  }

  function addEstate(a: Area): Ask {
    return {
      title: t('places.step.addEstate'), action: t('places.step.add'), fields: [{ name: 'name', kind: 'line', label: t('places.field.name'), most: 100 }],
      send: ({ headers }, v) => take(api.POST('/api/v1/estates', { body: { communityId: a.id, name: v['name'] ?? '' }, headers })),
    };
  }

  function addServiceArea(a: Area): Ask {
    return {
      title: t('places.step.addServiceArea'), action: t('places.step.add'), will: t('places.will.addServiceArea'), fields: [{ name: 'name', kind: 'line', label: t('places.field.name'), most: 100, initial: a.name }],
      send: ({ headers }, v) => take(api.POST('/api/v1/service-areas', { body: { estateId: a.id, name: v['name'] ?? '' }, headers })),
    };
  }

  return {
    of(a: Area): Ask[] {
      if (a.kind === 'estate') return [addServiceArea(a), rename(a)];
      if (a.kind === 'community') return [addEstate(a), rename(a), renumber(a)];
      return a.kind === 'street' ? [addDivision(a), rename(a), renumber(a)] : [];
    },
  };
}
