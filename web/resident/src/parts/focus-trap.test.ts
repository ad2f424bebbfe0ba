// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';

import { roundTheEnds } from './focus-trap';

const [a, b, c] = [document.createElement('button'), document.createElement('input'), document.createElement('a')];
const all = [a, b, c];

describe('the keyboard in a dialog', () => {
  it('goes round its ends and is left alone between them', () => {
    expect(roundTheEnds(all, c, false)).toBe(a);
    expect(roundTheEnds(all, a, true)).toBe(c);
    expect(roundTheEnds(all, b, false)).toBeUndefined();
    expect(roundTheEnds(all, b, true)).toBeUndefined();
  });

  it('comes in from wherever it was', () => {
    expect(roundTheEnds(all, document.body, false)).toBe(a);
    expect(roundTheEnds(all, null, true)).toBe(c);
    expect(roundTheEnds([], null, false)).toBeUndefined();
  });
});
