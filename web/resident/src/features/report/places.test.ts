import { describe, expect, it } from 'vitest';

import { emptyDraft } from './draft';
import { whereOf } from './places';

const home = { capacity: 'c', role: 'owner', unit: 'u', serviceArea: 's', buildingName: '1号楼', place: '1号楼1单元101', estate: '宁海花园' };
const at = (place: string, detail = '三楼') => whereOf({ ...emptyDraft('x.y'), place, detail }, home, home.buildingName);

describe('the place of a report', () => {
  it('is the home, a public area, or the service area with words', () => {
    expect(at('home')).toEqual({ unitId: 'u', detail: '三楼' });
    expect(at('public:p1')).toEqual({ publicAreaId: 'p1', detail: '三楼' });
    expect(at('whole')).toEqual({ serviceAreaId: 's', detail: '三楼' });
    expect(at('building')).toEqual({ serviceAreaId: 's', detail: '1号楼 三楼' });
    expect(at('building', ' ')).toEqual({ serviceAreaId: 's', detail: '1号楼' });
  });

  it('never has more characters than the server takes, counted as people count', () => {
    expect(Array.from(at('building', '𠮷'.repeat(100)).detail ?? '')).toHaveLength(100);
  });
});
