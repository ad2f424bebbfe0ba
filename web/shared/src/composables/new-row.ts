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

/**
 * Leaves the button of a row that it has just taken away, where the next row has moved up into its place: the same button would take that one too.
 * Where touch is the way of pressing, no keyboard is to come up for it.
 */
export function outOfRow(event: Event): void {
  if (matchMedia('(pointer: coarse)').matches) return;
  let row = event.currentTarget as Element | null;
  while (row && !row.querySelector(fields)) row = row.parentElement;
  void nextTick(() => row?.isConnected && row.querySelector<HTMLElement>(fields)?.focus());
}
