// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, h, nextTick, ref, type App } from 'vue';

import ComboBox from './ComboBox.vue';

interface Place { key: string; title: string }
const chosen = ref<Place>();
const asked: { words: string; answer: (found: Place[]) => void }[] = [];
let app: App;
let field: HTMLInputElement;

beforeEach(() => {
  vi.useFakeTimers();
  chosen.value = undefined;
  asked.length = 0;
  const load = (words: string) => new Promise<Place[]>((answer) => asked.push({ words, answer }));
  app = createApp({ render: () => h(ComboBox, { id: 'place', load, none: 'none', modelValue: chosen.value, 'onUpdate:modelValue': (now: unknown) => (chosen.value = now as Place | undefined) }) });
  app.mount(document.body.appendChild(document.createElement('div')));
  field = document.querySelector('input')!;
});
afterEach(() => {
  app.unmount();
  document.body.innerHTML = '';
  vi.useRealTimers();
});

function write(words: string): void {
  field.value = words;
  field.dispatchEvent(new Event('input'));
}
const press = (key: string): boolean => field.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
/** The pause after which it asks, and the answer. */
async function answered(...keys: string[]): Promise<void> {
  await vi.advanceTimersByTimeAsync(200);
  asked.at(-1)!.answer(keys.map((key) => ({ key, title: key })));
  await vi.advanceTimersByTimeAsync(1);
}

it.each(['Enter', 'Tab'])('takes with %s no answer to earlier words, but the first to those that stand there', async (key) => {
  write('1');
  await answered('1-101', '1-102');
  write('1-2');
  press(key);
  expect(chosen.value).toBeUndefined();
  await answered('1-201', '1-202');
  expect(chosen.value?.key).toBe('1-201');
});

it('takes nothing by itself once more was typed, or the list was closed', async () => {
  write('1');
  press('Enter');
  write('1-2');
  await answered('1-201');
  expect(chosen.value).toBeUndefined();
  write('1-3');
  press('Enter');
  press('Escape');
  await answered('1-301');
  expect(chosen.value).toBeUndefined();
});

it('opens with Enter as other choices do, sends no form, and takes nothing before it is seen', async () => {
  expect(press('Enter')).toBe(false); // prevented: the form is not sent
  await nextTick();
  expect(field.getAttribute('aria-expanded')).toBe('true');
  press('Enter');
  await answered('宁海花园业主委员会');
  expect(chosen.value).toBeUndefined();
  press('Enter');
  expect(chosen.value?.key).toBe('宁海花园业主委员会');
  await nextTick();
  expect(press('Enter')).toBe(true); // what is chosen is sent
});
