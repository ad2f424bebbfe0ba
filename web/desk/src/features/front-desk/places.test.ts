import { describe, expect, it } from 'vitest';

import { splitPlace, unitMatches } from './places';

describe('what a caller says of a place', () => {
  it.each([
    ['3号楼2单元501', '3号楼', '2单元501'], ['3号楼 501', '3号楼', '501'], ['3-2-501', '3号楼', '2-501'], ['12栋1502', '12栋', '1502'], ['A座1201', 'A座', '1201'], ['东大门', '东大门', ''], ['3号楼', '3号楼', ''], ['hh 501', 'hh', '501'],
  ])('%s is building %s and the rest %s', (said, building, rest) => {
    expect(splitPlace(said)).toEqual({ building, rest });
  });

  const unit = { entrance: '2单元', number: '501' };
  it.each(['501', '50', '2-501', '2单元501', '2 501', '2', ''])('"%s" may be 2单元 501', (said) => expect(unitMatches(unit, said)).toBe(true));
  it.each(['1-501', '502', '1', '2-502', '01'])('"%s" is not 2单元 501', (said) => expect(unitMatches(unit, said)).toBe(false));
  it('knows units without an entrance', () => {
    expect(unitMatches({ number: 'A12' }, 'a12')).toBe(true);
    expect(unitMatches({ number: 'A12' }, '1-A12')).toBe(false);
  });
});
