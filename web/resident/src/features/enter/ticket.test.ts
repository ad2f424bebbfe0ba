import { describe, expect, it } from 'vitest';

import { arrivalOf } from './ticket';

const ticket = 'abcdefghjkmnpqrstvwxyz0123456789';

describe('an arrival from another app', () => {
  it('has a ticket and a page of this application', () => {
    expect(arrivalOf(`#ticket=${ticket}&to=${encodeURIComponent('/books?x=1')}`)).toEqual({ ticket, to: '/books?x=1' });
    expect(arrivalOf(`#ticket=${ticket}`)).toEqual({ ticket, to: '/' });
  });

  it('leads to no other host and to nothing that is no ticket', () => {
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/enter#ticket=x', '\\\\evil']) expect(arrivalOf(`#ticket=${ticket}&to=${encodeURIComponent(to)}`)?.to).toBe('/');
    for (const hash of ['', '#', '#ticket=', '#ticket=<script>', `#ticket=${'a'.repeat(101)}`, "#ticket='; --"]) expect(arrivalOf(hash)).toBeUndefined();
  });
});
