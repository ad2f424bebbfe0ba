// @vitest-environment happy-dom
import { beforeAll, beforeEach, expect, it } from 'vitest';

import { answerKeys } from './widget-keys';

const clicked: string[] = [];
beforeAll(answerKeys);
beforeEach(() => {
  clicked.length = 0;
  document.body.innerHTML = `
    <div id="switch" role="switch" tabindex="0"></div><div id="tick" role="checkbox" tabindex="0"></div><input id="words">
    <div role="radiogroup"><div id="r1" role="radio" tabindex="0"></div><div id="r2" role="radio" tabindex="0"></div></div>
    <div role="tablist"><div id="t1" role="tab" tabindex="0"></div><div id="t2" role="tab" tabindex="-1"></div></div>`;
  for (const e of document.querySelectorAll('[id]')) e.addEventListener('click', () => clicked.push(e.id));
});

function press(id: string, key: string, more: KeyboardEventInit = {}): boolean {
  const at = document.getElementById(id)!;
  at.focus();
  return at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}

it.each([
  ['switch', ' ', 'switch'], ['tick', ' ', 'tick'], ['r1', ' ', 'r1'], ['r1', 'ArrowDown', 'r2'], ['r2', 'ArrowRight', 'r1'], ['t1', 'ArrowRight', 't2'], ['t1', 'ArrowLeft', 't2'],
])('%s with %j works %s', (at, key, goal) => {
  expect(press(at, key), 'the page does not scroll').toBe(false);
  expect(clicked).toEqual([goal]);
  expect(document.activeElement?.id).toBe(goal);
});

it.each([['words', ' ', {}], ['switch', 'ArrowDown', {}], ['tick', 'Enter', {}], ['t1', 'ArrowRight', { altKey: true }]])('%s with %j is left to the browser', (at, key, more) => {
  expect(press(at, key, more)).toBe(true);
  expect(clicked).toEqual([]);
});
