const steps: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Those among which an arrow chooses: the tabs of a row, the choices of a group. */
function group(at: HTMLElement): HTMLElement[] {
  const role = at.getAttribute('role');
  const around = at.closest(role === 'tab' ? '[role="tablist"]' : '[role="radiogroup"]');
  return around ? [...around.querySelectorAll<HTMLElement>(`[role="${role}"]:not([aria-disabled="true"])`)] : [];
}

function press(event: KeyboardEvent): void {
  const at = event.target;
  if (!(at instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = at.matches('[role="tab"], [role="radio"]') ? steps[event.key] : undefined;
  const all = step === undefined ? [] : group(at);
  const goal = step === undefined ? undefined : all[(all.indexOf(at) + step + all.length) % all.length];
  const pressed = event.key === ' ' && at.matches('[role="switch"], [role="checkbox"], [role="radio"]') ? at : goal;
  if (!pressed) return;
  event.preventDefault();
  pressed.click();
  pressed.focus();
}

/** Lets the keyboard work the library's switches, ticks, choices and tabs as the browser's own: the library listens to touch alone. */
export function answerKeys(): void {
  document.addEventListener('keydown', press);
}
