/** The desk's fields have a class then, the phone's the words below them. */
const wrong = ':is(.is-error, .van-field:has(.van-field__error-message)) :is(input:not([type=hidden], :disabled), textarea:not(:disabled), [tabindex="0"])';
let stop = (): void => {};

/** Watches a form that was just sent until something is said to be wrong of a field of it, or the person has gone on. */
function watch(event: Event): void {
  stop();
  const form = event.target;
  if (!(form instanceof HTMLElement) || matchMedia('(pointer: coarse)').matches) return; // a keyboard on the glass would hide the form
  const from = document.activeElement;
  const show = (): void => {
    const first = form.querySelector<HTMLElement>(wrong);
    if (!first) return;
    stop();
    if (document.activeElement === from || document.activeElement === document.body) first.focus();
  };
  const watcher = new MutationObserver(show);
  // What was wrong before goes some frames after the form was sent.
  const begin = setTimeout(() => {
    watcher.observe(form, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
    show();
  }, 150);
  const giveUp = setTimeout(() => stop(), 30_000);
  stop = () => {
    watcher.disconnect();
    clearTimeout(begin);
    clearTimeout(giveUp);
    stop = () => {};
  };
}

/**
 * A form that is refused gives the keyboard to the first field of which something is wrong; it stayed on the button, and the field out of sight.
 * In the whole application. Gives back what ends that.
 */
export function goToFirstWrong(): () => void {
  document.addEventListener('submit', watch);
  return () => {
    stop();
    document.removeEventListener('submit', watch);
  };
}
