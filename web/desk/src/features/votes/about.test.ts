import { describe, expect, it } from 'vitest';

import type { Schemas } from '@redproperty/shared/api/client';

import { draftFor, sameParts, votable, type Wanted } from './about';
import { bodyOf } from './draft';

const areas = [{ id: 'phase-1', estateId: 'estate' }, { id: 'phase-2', estateId: 'estate' }] as Schemas['ServiceArea'][];
const lift: Wanted['items'][number] = { matter: 7, title: '加装电梯', content: '1号楼1单元', subject: { subjectKind: 'renovation', subjectId: 'item' } };
const wanted: Wanted = { areaId: 'estate', parts: [], title: '加装电梯', reason: '居民反映', items: [lift] };
const where = (w: Partial<Wanted>, home?: string) => {
  const { scope, areaId, buildingId, entrance } = draftFor({ ...wanted, ...w }, areas, home);
  return [scope, areaId, buildingId, entrance];
};

describe('a vote about what another page keeps', () => {
  it('is held by exactly the owners concerned', () => {
    expect(where({})).toEqual(['estate', 'phase-1', '', '']);
    expect(where({ areaId: 'phase-2' })).toEqual(['service_area', 'phase-2', '', '']);
    expect(where({ parts: [{ buildingId: 'b' }] }, 'phase-2')).toEqual(['building', 'phase-2', 'b', '']);
    expect(where({ parts: [{ buildingId: 'b', entrance: '1单元' }] }, 'phase-2')).toEqual(['entrance', 'phase-2', 'b', '1单元']);
    expect([[], ['one'], ['one', 'two']].map(votable)).toEqual([true, true, false]);
    expect([sameParts(null, []), sameParts([{ buildingId: 'b' }], [{ buildingId: 'b', entrance: '1单元' }]), sameParts([{ buildingId: 'a' }, { buildingId: 'b' }], [{ buildingId: 'b' }, { buildingId: 'a' }])]).toEqual([true, false, true]);
  });

  it('counts for it where owners agree', () => {
    expect(bodyOf(draftFor(wanted, areas, undefined), '同意').items).toEqual([{ matter: 7, title: '加装电梯', content: '1号楼1单元', most: 1, options: [{ text: '同意' }], subjectKind: 'renovation', subjectId: 'item', subjectOption: 1 }]);
    const two = draftFor({ ...wanted, items: [lift, { ...lift, matter: 8, subject: { subjectKind: 'renovation', subjectId: 'other' } }] }, areas, undefined);
    expect(bodyOf(two, '同意').items?.map((i) => [i.matter, i.subjectId])).toEqual([[7, 'item'], [8, 'other']]);
  });
});
