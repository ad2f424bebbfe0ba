import { nextTick } from 'vue';

const fields = 'input, textarea, select';

/** Goes on in the first field of a row that a button has just added before itself, or before the line that it stands in. */
export function intoNewRow(event: Event): void {
  let at = event.currentTarget as Element | null;
  void nextTick(() => {
    while (at && !at.previousElementSibling) at = at.parentElement;
    let row = at?.previousElementSibling;
    while (row && !row.querySelector(fields)) row = row.previousElementSibling;
    row?.querySelector<HTMLElement>(fields)?.focus();
  });
}
