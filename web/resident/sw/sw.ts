/// <reference lib="webworker" />
/**
 * The service worker: the pages of one build, kept on the device. Everything of a build comes from its own cache, so that two
 * versions never mix; a newer build waits beside it until the person takes it. Answers of the API never pass through here.
 */

export {};

declare const self: ServiceWorkerGlobalScope;
/** Written in front by the build: what it consists of. Files that are not named by their content carry its hash. */
declare const __BUILD__: { version: string; files: [path: string, integrity: string][] };

const prefix = 'pages-';
const current = prefix + __BUILD__.version;
const files = new Map(__BUILD__.files);
const page = '/index.html';
const elsewhere = /^\/(?:api|desk|readyz|healthz)(?:\/|$)/;

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));

/** Fetches what is missing, one after another: what the person is doing goes first on a weak signal. What an older build shares with this one is taken from there. */
async function fill(): Promise<void> {
  const cache = await caches.open(current);
  for (const [path, integrity] of files) {
    if (await cache.match(path)) continue;
    const shared = integrity === '' ? await caches.match(path) : undefined;
    const answer = shared ?? (await fetch(path, integrity === '' ? {} : { cache: 'no-cache', integrity }));
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await cache.put(path, answer);
  }
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== current).map((name) => caches.delete(name)));
}

self.addEventListener('message', (event) => {
  const said = event.data as { say: 'take over' } | { say: 'serve'; entry: string };
  if (said.say === 'take over') event.waitUntil(self.skipWaiting());
  // A page that was opened before there was a worker is served from now on, if it is of this build.
  else if (files.has(said.entry)) event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || elsewhere.test(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(kept(page, request, nothingKept));
  else if (files.has(url.pathname)) event.respondWith(kept(url.pathname, request, () => Response.error()));
});

/** From this build's cache. Where the browser has thrown it away, from the network. */
async function kept(path: string, request: Request, otherwise: () => Response): Promise<Response> {
  const found = await (await caches.open(current)).match(path);
  return found ?? fetch(request).catch(otherwise);
}

/** The last resort: no network, and the browser has thrown the pages away. */
function nothingKept(): Response {
  const words = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>没有网络</title><h1>没有网络</h1>'
    + '<p>手机里保存的页面已被清理，请连上网络再打开。<p lang="en">No network, and the pages kept on this device are gone. Please open them again with a network.'
    + '<p>火警 Fire <a href="tel:119">119</a> · 急救 Ambulance <a href="tel:120">120</a> · 报警 Police <a href="tel:110">110</a><p><a href="">再试一次 Try again</a>';
  return new Response(words, { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'" } });
}
