import { describe, expect, it } from 'vitest';

import { byEntrance, nameOf } from './door';

describe('the way to one’s own door', () => {
  it('names an estate and its phase once', () => {
    expect(nameOf({ estate: '宁海花园', name: '宁海花园一期' })).toBe('宁海花园一期');
    expect(nameOf({ estate: '宁海花园', name: '南区' })).toBe('宁海花园 南区');
  });

  it('has doors by entrance, in the order of their numbers', () => {
    const door = (entrance: string, number: string) => ({ unitId: entrance + number, entrance, number });
    const groups = byEntrance([door('10单元', '101'), door('2单元', '1001'), door('2单元', '201'), { unitId: 'x', number: '铺3' }]);
    expect(groups.map((g) => [g.name, g.doors.map((d) => d.number)])).toEqual([['', ['铺3']], ['2单元', ['201', '1001']], ['10单元', ['101']]]);
  });
});
