import { describe, expect, it } from 'vitest';

import { fromHundredths, toHundredths } from './hundredths';

describe('hundredths', () => {
  it('are exact in both directions, where floating point is not', () => {
    for (const [text, n] of [['1.15', 115], ['0.29', 29], ['1.1', 110], ['120', 12000], ['0.05', 5], ['999999999.99', 99999999999]] as const) {
      expect(toHundredths(text)).toBe(n);
      expect(fromHundredths(n)).toBe(text);
    }
    for (let n = 0; n <= 10_001; n++) expect(toHundredths(fromHundredths(n))).toBe(n);
  });

  it('are nothing where the text is no such number', () => {
    for (const text of ['', ' ', '1.234', '-1', '1e3', '１２', '1.', '.5', '1234567890', '1 2', "1'; --"]) expect(toHundredths(text)).toBeUndefined();
    expect(toHundredths(' 30,000.5 ')).toBe(3_000_050);
  });
});
