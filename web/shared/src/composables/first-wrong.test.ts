// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { goToFirstWrong } from './first-wrong';

let end: () => void;
beforeEach(() => {
  end = goToFirstWrong();
  document.body.innerHTML = '<form><div class="item"><input id="a"></div><div class="item"><input id="b"></div><button id="send">Send</button></form><a id="away" href="#">Away</a>';
  document.getElementById('send')!.focus();
});
afterEach(() => end());

const send = () => document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
const refuse = () => document.querySelectorAll('.item')[1]!.classList.add('is-error');

it('goes to the first field of which something is wrong, also where the server says so later', async () => {
  send();
  await new Promise((later) => setTimeout(later, 200));
  refuse();
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('b'));
});

it('knows the fields of the phone by the words below them', async () => {
  const item = document.querySelectorAll('.item')[1]!;
  item.classList.add('van-field');
  send();
  await new Promise((later) => setTimeout(later, 200));
  item.insertAdjacentHTML('beforeend', '<div class="van-field__error-message">Please fill this in</div>');
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('b'));
});

it('takes the keyboard from nobody who has gone on', async () => {
  send();
  refuse();
  document.getElementById('away')!.focus();
  await new Promise((later) => setTimeout(later, 200));
  expect(document.activeElement?.id).toBe('away');
});
