/** What another app of the street sends along behind the #, where no server and no log sees it. */
export interface Arrival {
  ticket: string;
  /** The page of this application to go to. */
  to: string;
}

/** Reads it from the fragment of the address; undefined where there is no ticket. */
export function arrivalOf(hash: string): Arrival | undefined {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const ticket = parts.get('ticket') ?? '';
  if (!/^[0-9a-z]{20,100}$/.test(ticket)) return undefined;
  const to = parts.get('to') ?? '/';
  return { ticket, to: /^\/(?![/\\])[^\\]*$/.test(to) && !to.startsWith('/enter') ? to : '/' };
}

/** Takes the fragment out of the address bar and the history, before anything is asked for: a ticket that stays is one that is shown and shared. */
export function takeArrival(): Arrival | undefined {
  const found = arrivalOf(globalThis.location.hash);
  if (globalThis.location.hash) globalThis.history.replaceState(globalThis.history.state, '', globalThis.location.pathname);
  return found;
}
