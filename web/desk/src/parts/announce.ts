import { nextTick, ref } from 'vue';

/** What a screen reader is told without being asked; the frame of the desk holds it on every page. */
export const announced = ref('');

/** Tells a screen reader what has changed on the page where the focus is not, as the number of rows after a filter. The same words can be said again. */
export async function announce(words: string): Promise<void> {
  announced.value = '';
  await nextTick();
  announced.value = words;
}
