import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

import type { Ask, AskField } from '@/parts/ask';
import { today } from '@/parts/moment';
import { useT } from '@/texts';

import { useWords } from './words';

type Owner = Schemas['Owner'];
type Occupant = Schemas['Occupant'];

/** Entering, correcting and ending owners and occupants of a unit. `now` gives the roll as it was read last. */
export function useRollSteps(unitId: string, now: () => Schemas['RollEntry'] | undefined) {
  const t = useT();
  const { named } = useWords();
  const api = useApi();
  const options = (codes: readonly string[], path: string) => codes.map((value) => ({ value, label: named(path, value) }));
  const identity = (name = ''): AskField[] => [
    { name: 'name', kind: 'line', label: t('places.roll.name'), most: 60, initial: name },
    { name: 'phone', kind: 'tel', label: t('places.roll.phone'), most: 30, optional: true },
    { name: 'phoneBasis', kind: 'select', label: t('places.roll.phoneBasis'), optional: true, hint: t('places.roll.phoneBasisHint'), options: options(['contract', 'duty', 'consent'], 'phoneBasis') },
  ];
  const day = (label: string): AskField => ({ name: 'from', kind: 'date', label, initial: today() });
  const named2 = (v: Record<string, string>) => ({ name: v['name'] ?? '', ...(v['phone']?.trim() ? { phone: v['phone'] } : {}), ...(v['phoneBasis'] ? { phoneBasis: v['phoneBasis'] as 'duty' } : {}) });

  return {
    enterOwner: (): Ask => ({
      title: t('places.step.enterOwner'), action: t('places.step.add'), will: t('places.will.enterOwner'),
      fields: [
        { name: 'kind', kind: 'choice', label: t('places.roll.kind'), initial: 'person', options: options(['person', 'company', 'developer'], 'ownerKind') }, ...identity(), day(t('places.roll.ownedFrom')),
        { name: 'evidence', kind: 'select', label: t('places.roll.evidence'), initial: 'register', options: options(['register', 'contract', 'declared'], 'evidence') },
      ],
      send: ({ headers }, v) => take(api.POST('/api/v1/owners', { body: { ...named2(v), kind: v['kind'] as 'person', evidence: v['evidence'] as 'register', from: v['from'] ?? '', unitIds: [unitId] }, headers })),
    }),
    correctOwner: (o: Owner): Ask => ({
      title: t('places.step.correct'), action: t('action.save'), will: t('places.will.correctOwner', { name: o.name }), fields: identity(),
      send: ({ headers }, v) => take(api.PUT('/api/v1/owners/{ownerId}', { params: { path: { ownerId: o.id } }, body: named2(v), headers: { ...headers, 'If-Match': `"${now()?.owners?.find((x) => x.id === o.id)?.version ?? o.version}"` } })),
    }),
    endOwnership: (o: Owner): Ask => ({
      title: t('places.step.endOwnership'), action: t('places.step.endOwnership'), danger: true, will: t('places.will.endOwnership', { name: o.name }), fields: [{ name: 'to', kind: 'date', label: t('places.roll.endsOn'), initial: today() }],
      send: ({ headers }, v) => take(api.POST('/api/v1/units/{unitId}/owners/{ownerId}/end', { params: { path: { unitId, ownerId: o.id } }, body: { to: v['to'] ?? '' }, headers })),
    }),
    enterOccupant: (): Ask => ({
      title: t('places.step.enterOccupant'), action: t('places.step.add'),
      fields: [{ name: 'relation', kind: 'choice', label: t('places.roll.relation'), initial: 'tenant', options: options(['tenant', 'family', 'other'], 'relation') }, ...identity(), day(t('places.roll.livesFrom'))],
      send: ({ headers }, v) => take(api.POST('/api/v1/units/{unitId}/occupants', { params: { path: { unitId } }, body: { ...named2(v), relation: v['relation'] as 'tenant', from: v['from'] ?? '' }, headers })),
    }),
    endOccupancy: (o: Occupant): Ask => ({
      title: t('places.step.endOccupancy'), action: t('places.step.endOccupancy'), danger: true, will: t('places.will.endOccupancy', { name: o.name }), fields: [{ name: 'to', kind: 'date', label: t('places.roll.endsOn'), initial: today() }],
      send: ({ headers }, v) => take(api.POST('/api/v1/occupants/{occupantId}/end', { params: { path: { occupantId: o.id } }, body: { to: v['to'] ?? '' }, headers: { ...headers, 'If-Match': `"${now()?.occupants?.find((x) => x.id === o.id)?.version ?? o.version}"` } })),
    }),
  };
}
