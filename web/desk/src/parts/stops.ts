const reached = ':is(a[href], button, input:not([type=hidden]), textarea, [tabindex="0"]):not(:disabled)';

/** Where Tab stops inside `root`, in order: one stop for each group of choices, at what is chosen. */
export function stops(root: HTMLElement): HTMLElement[] {
  const all = [...root.querySelectorAll<HTMLElement>(reached)];
  const group = (e: HTMLElement) => (e instanceof HTMLInputElement && e.type === 'radio' && e.name ? all.filter((o): o is HTMLInputElement => o instanceof HTMLInputElement && o.name === e.name) : []);
  return all.filter((e) => {
    const choices = group(e);
    return choices.length === 0 || e === (choices.find((c) => c.checked) ?? choices[0]);
  });
}
