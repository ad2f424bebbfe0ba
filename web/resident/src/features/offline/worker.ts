import { useDevice } from './state';

/** The address of the service worker, beside the pages. */
const address = '/sw.js';

/** The script that this page was started with: it names the build. */
const entry = () => new URL(document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '/', globalThis.location.href).pathname;

/**
 * Lets the pages be opened without a network from now on. A page keeps the version it was opened with; a newer one is fetched
 * beside it and waits until the person takes it.
 */
export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
  const device = useDevice();
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) device.newer = true;
    else registration.active?.postMessage({ say: 'serve', entry: entry() });
  };
  // Taken in another window: this one goes on with what it was opened with until its person takes it too.
  if (navigator.serviceWorker.controller) navigator.serviceWorker.addEventListener('controllerchange', () => (device.newer = true));
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && navigator.onLine && void registration.update().catch(() => undefined));
  look();
}

/** How long, in milliseconds, the older version is waited for: a browser may keep it busy without end. */
const patience = 3000;

/** Takes the newer version: it begins to serve, and the page starts anew with it. Where the older one does not let go the page starts anew all the same, and the browser ends it meanwhile. */
export async function takeNewer(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  const anew = () => globalThis.location.reload();
  if (!registration?.waiting) return anew();
  navigator.serviceWorker.addEventListener('controllerchange', anew, { once: true });
  registration.waiting.postMessage({ say: 'take over' });
  setTimeout(anew, patience);
}
