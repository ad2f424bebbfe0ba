/** How long a server that is away is left alone. */
const pause = 5000;

/** Once there is a network again; at once would fail again. */
function later(then: () => void): void {
  if (navigator.onLine) setTimeout(then, pause);
  else addEventListener('online', then, { once: true });
}

/**
 * A style sheet that belongs to a page or dialog and could not be fetched is fetched again. What loads them asks once for each and counts that
 * as done: a dialog that was begun to load in a tunnel stood without any look until the page was loaded anew. Gives back what ends that.
 */
export function fetchStylesAgain(): () => void {
  const again = (event: Event): void => {
    const link = event.target;
    if (!(link instanceof HTMLLinkElement) || link.rel !== 'stylesheet') return;
    later(() => link.replaceWith(link.cloneNode()));
  };
  document.addEventListener('error', again, true); // it does not bubble
  return () => document.removeEventListener('error', again, true);
}
