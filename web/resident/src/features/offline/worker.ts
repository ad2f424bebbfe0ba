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
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && navigator.onLine && void registration.update().catch(() => undefined));
  look();
}

/** Takes the newer version: it begins to serve, and the page starts anew with it. */
export async function takeNewer(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  navigator.serviceWorker.addEventListener('controllerchange', () => globalThis.location.reload(), { once: true });
  if (registration?.waiting) registration.waiting.postMessage({ say: 'take over' });
  else globalThis.location.reload();
}
