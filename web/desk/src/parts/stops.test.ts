// @vitest-environment happy-dom
import { expect, it } from 'vitest';

import { stops } from './stops';

it('stops once at each group of choices, where it is chosen, and at nothing that is off', () => {
  const root = document.createElement('div');
  root.innerHTML = `
    <label><input type="radio" name="language" id="zh"><input type="radio" name="language" id="en" checked></label>
    <input type="hidden"><button disabled>off</button><input id="name"><a>no link</a>
    <label><input type="radio" name="size" id="normal"><input type="radio" name="size" id="large"></label>`;
  expect(stops(root).map((e) => e.id)).toEqual(['en', 'name', 'normal']);
});
