// Keeps the page in the browser, so that it works without a server once it was opened.
//
// Each build has a cache, named by the digest of its index.html. That names every file of the build, so that page, script and
// wasm of one view are always of the same build. The kept build is shown at once. Meanwhile the server is asked for its
// index.html; a new build is kept whole beside the old one. Open pages go on with the old build, and the next page that is
// opened has the new one. Answers of the helper's API are never kept.

const SCOPE = self.registration.scope;
const PREFIX = `btcfake ${SCOPE} `;
const POINTERS = `${PREFIX}current`;
const POINTER = `${SCOPE}current-build`;
const MARK = "btcfake-web-";

self.addEventListener("install", (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = url.startsWith(SCOPE) ? url.slice(SCOPE.length).split("#")[0] : null;
  if (method !== "GET" || path === null || /^api([/?]|$)/.test(path)) return;
  if (mode !== "navigate") event.respondWith(file(event.request));
  else if (/^(index\.html)?(\?|$)/.test(path)) event.respondWith(page(event));
});

// A page sends the name of its script, and gets a message if that is not of the newest build.
self.addEventListener("message", (event) => {
  const tell = async () => {
    await refreshing?.catch(() => {});
    const index = await (await currentPage())?.text();
    if (index && !index.includes(event.data)) event.source.postMessage("new build");
  };
  event.waitUntil(tell());
});

async function page(event) {
  const kept = await currentPage();
  // Without a server, the kept build stays.
  event.waitUntil(refresh().catch(() => {}));
  return kept ?? fetch(event.request);
}

async function file(request) {
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

async function currentName() {
  return (await caches.match(POINTER, { cacheName: POINTERS }))?.text();
}

async function currentPage() {
  const name = await currentName();
  return name && caches.match(SCOPE, { cacheName: name, ignoreVary: true });
}

let refreshing;

/** Keeps the server's build if it is a new one. One call at a time does the work; the others wait for it. */
function refresh() {
  refreshing ??= keepBuild().finally(() => (refreshing = undefined));
  return refreshing;
}

async function keepBuild() {
  const index = await ask(SCOPE);
  const text = await index.clone().text();
  if (!text.includes(MARK)) return leave();
  const name = PREFIX + (await digest(text));
  const before = await currentName();
  if (name === before) return;
  await caches.delete(name);
  const cache = await caches.open(name);
  await Promise.all(filesOf(text).map(async (path) => cache.put(SCOPE + path, await ask(SCOPE + path))));
  // worker.js has the same name in every build: if the server changed meanwhile, it may be of another build.
  if ((await (await ask(SCOPE)).text()) !== text) throw new Error("the build changed while it was fetched");
  await cache.put(SCOPE, index);
  await (await caches.open(POINTERS)).put(POINTER, new Response(name));
  await forget((one) => ![name, before, POINTERS].includes(one));
  if (before) (await self.clients.matchAll({ type: "window" })).forEach((client) => client.postMessage("new build"));
}

/** The files of a build: all that its index.html names, and worker.js with the name of the build's script as its query. */
function filesOf(index) {
  const named = [...index.matchAll(/["']\.\/([^"']+)["']/g)].map((match) => match[1]);
  const script = named.find((name) => name.startsWith(MARK) && name.endsWith(".js"));
  return [...new Set([...named, `worker.js?${script}`])];
}

async function ask(url) {
  const hasHash = /[0-9a-f]{12,}/.test(new URL(url).pathname);
  const response = await fetch(url, { cache: hasHash ? "default" : "no-cache" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  if (url !== SCOPE) await checkWhole(url, response.clone());
  return response;
}

/** Refuses a file that a proxy replaced by a web page or cut short: once kept, it would break the page for good. */
async function checkWhole(url, response) {
  if (/^text\/html/.test(response.headers.get("content-type"))) throw new Error(`${url}: a web page came in its place`);
  if (url.endsWith(".wasm") && !WebAssembly.validate(await response.arrayBuffer())) throw new Error(`${url}: damaged`);
}

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Removes the kept page, because another program answers here now, which it must not hide. */
async function leave() {
  await forget(() => true);
  await self.registration.unregister();
}

async function forget(isForgotten) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && isForgotten(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}
