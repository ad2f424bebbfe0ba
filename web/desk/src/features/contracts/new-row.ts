import { nextTick } from 'vue';

/** Goes on in the first field of a row that a button has just added before itself. */
export function intoNewRow(event: Event): void {
  const button = event.currentTarget as HTMLElement;
  void nextTick(() => {
    let row = button.previousElementSibling;
    while (row && !row.querySelector('input, textarea')) row = row.previousElementSibling;
    row?.querySelector<HTMLElement>('input, textarea')?.focus();
  });
}
