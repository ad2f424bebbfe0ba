import { describe, expect, it } from 'vitest';

import { areaField, areaInForce, facade, parseArea } from './places';

describe('an area that is typed', () => {
  it('is exact, in hundredths of a square metre', () => {
    expect(['84.28', '84.2', '84', '８４．２８', '84.28 ㎡', '999999.99', ''].map(parseArea)).toEqual([8428, 8420, 8400, 8428, 8428, 99999999, 0]);
    expect([8428, 8405, 7, 0, undefined].map(areaField)).toEqual(['84.28', '84.05', '0.07', '', '']);
  });

  it('is no area where it is anything else', () => {
    expect(['-5', '84.285', '九十', '1e3', '84,28', "'; --"].map(parseArea)).toEqual(Array(6).fill(undefined));
  });

  it('is in force by register before survey before contract', () => {
    expect([areaInForce({ register: 3, survey: 2, contract: 1 }), areaInForce({ survey: 2, contract: 1 }), areaInForce({})]).toEqual([3, 2, 0]);
  });
});

describe('a building from outside', () => {
  const unit = (entrance: string, number: string, floor?: number) => ({ id: entrance + number, entrance, number, floor }) as unknown as Parameters<typeof facade>[0][number];
  it('has its entrances beside each other and its floors from the top', () => {
    const seen = facade([unit('10单元', '101', 1), unit('2单元', '1002', 10), unit('2单元', '1001', 10), unit('2单元', '201', 2), unit('2单元', '储藏')]);
    expect(seen.map((e) => e.name)).toEqual(['2单元', '10单元']);
    expect(seen[0]!.floors.map((f) => [f.floor, f.units.map((u) => u.number)])).toEqual([[10, ['1001', '1002']], [2, ['201']], [undefined, ['储藏']]]);
  });
});
