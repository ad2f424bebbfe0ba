// @vitest-environment happy-dom
import { nextTick } from 'vue';
import { beforeEach, expect, it } from 'vitest';

import { intoNewRow, outOfRow } from './new-row';

beforeEach(() => {
  document.body.innerHTML = '<div id="rows"><p><input id="first"></p><p id="button-row"><button>Add</button></p></div>';
  document.querySelector('button')!.addEventListener('click', (event) => {
    document.getElementById('button-row')!.insertAdjacentHTML('beforebegin', '<p><select id="new"></select><input id="second"></p><p role="alert">…</p>');
    intoNewRow(event);
  });
});

it('goes on in the first field of the row that was added, also where the button stands in a line of its own', async () => {
  document.querySelector('button')!.click();
  await nextTick();
  expect(document.activeElement?.id).toBe('new');
});

it('leaves the button whose row is taken away, since it is the next row\'s now', async () => {
  document.body.innerHTML = '<div class="row"><input id="next"><button id="away">Remove</button></div>';
  const away = document.getElementById('away')!;
  away.addEventListener('click', outOfRow);
  away.focus();
  away.click();
  await nextTick();
  expect(document.activeElement?.id).toBe('next');
});
