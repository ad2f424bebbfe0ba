import { describe, expect, it } from 'vitest';

import { codeOf } from './code';

describe('the code in a printed link', () => {
  it('is what stands behind the #', () => {
    expect(codeOf('#ABCD-EFGH')).toBe('ABCD-EFGH');
    expect(codeOf('')).toBe('');
  });

  it('is shown as text whatever somebody puts there', () => {
    expect(codeOf('#%3Cscript%3E')).toBe('<script>');
    expect(codeOf('#%E0%A4%A')).toBe('');
    expect(codeOf(`#${'A'.repeat(500)}`)).toHaveLength(60);
  });
});
