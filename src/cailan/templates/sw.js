{% load static %}/* Network first. What is kept for the time without one: built assets, the page of entries, and pages that hold a form that
   works offline, a scanner, or <meta name="cailan-keep" content="yes">. The pages of one person only: signing out,
   switching or another's page drops them. */
const ASSETS = "cailan-assets-2";
const PAGES = "cailan-pages-";
const [OFFLINE, PENDING] = ["{% url 'offline' %}", "{% url 'pending' %}"];
const [SIGN_IN, LEAVING] = ["{% url 'accounts:sign_in' %}", ["{% url 'accounts:sign_out' %}", "{% url 'accounts:switch' %}"]];
const [STATIC, BUILT] = ["{% get_static_prefix %}", "{% static 'dist/assets/' %}"];
const PATIENCE_MS = 8000;
const MOST_ASSETS = 150;
const GATEWAY = [502, 503, 504];

const pathOf = (url) => new URL(url, location.href).pathname;
const ownerOf = (text) => /<body[^>]* data-user="(\d+)" data-party="(\d*)"/.exec(text)?.slice(1).join("-") ?? "";
const asksForKeeping = (text) =>
  text.includes('<meta name="cailan-keep" content="yes">') || /<(form\b[^>]*\sdata-offline[\s>]|div\b[^>]*\sdata-scan=)/.test(text);
const inTime = (answer) =>
  Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), PATIENCE_MS))]);

self.addEventListener("install", (event) => {
  event.waitUntil(keep(ASSETS, OFFLINE, fetch(OFFLINE, { cache: "reload" })).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forget((name) => name !== ASSETS && !name.startsWith(PAGES)).then(() => self.clients.claim()));
});

async function forget(isMeant) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => isMeant(name)).map((name) => caches.delete(name)));
}

/** Keep a page with everything it loads. */
async function keep(cacheName, url, answering) {
  const answer = await answering;
  const text = await answer.text();
  await (await caches.open(cacheName)).put(url, new Response(text, { headers: answer.headers }));
  const assets = await caches.open(ASSETS);
  const wanted = [...text.matchAll(/(?:href|src)="([^"#]+)/g)].map(([, one]) => one).filter((one) => one.startsWith(STATIC));
  for (const one of new Set(wanted)) if (!(await assets.match(one))) await assets.add(one).catch(() => undefined);
  const old = await assets.keys();
  for (const one of old.slice(0, Math.max(0, old.length - MOST_ASSETS))) if (pathOf(one.url) !== OFFLINE) await assets.delete(one);
}

let pendingOf = ""; // whose page of entries this worker has fetched since it started

/** Look at a page that went by: drop what belongs to others, keep it if it asks for that. */
async function remember(url, answer) {
  if (answer.status !== 200 || !(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return;
  if (pathOf(url) === SIGN_IN) return forget((name) => name.startsWith(PAGES));
  const text = await answer.clone().text();
  const owner = ownerOf(text);
  if (!owner) return;
  await forget((name) => name.startsWith(PAGES) && name !== PAGES + owner);
  if (asksForKeeping(text)) await keep(PAGES + owner, url, answer);
  if (pendingOf === owner || pathOf(url) === PENDING) return;
  const pending = await fetch(PENDING);
  if (pending.ok && ownerOf(await pending.clone().text()) === owner) {
    await keep(PAGES + owner, PENDING, pending);
    pendingOf = owner;
  }
}

async function keptCopy(url) {
  const name = (await caches.keys()).find((one) => one.startsWith(PAGES));
  if (!name) return undefined;
  const pages = await caches.open(name);
  const options = { ignoreVary: true };
  return (await pages.match(url, options)) ?? pages.match(pathOf(url), options);
}

/** Return the kept page with a mark that makes it say so. */
async function marked(kept) {
  const text = await kept.text();
  return new Response(text.replace("<html ", '<html data-kept="yes" '), { headers: kept.headers });
}

async function open(event) {
  const { request } = event;
  const kept = await keptCopy(request.url);
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    if (kept && GATEWAY.includes(answer.status)) return marked(kept);
    event.waitUntil(remember(request.url, answer.clone()).catch(() => undefined));
    return answer;
  } catch {
    return kept ? marked(kept) : caches.match(OFFLINE, { ignoreVary: true });
  }
}

async function asset(request) {
  const assets = await caches.open(ASSETS);
  const kept = await assets.match(request);
  if (kept && pathOf(request.url).startsWith(BUILT)) return kept; // its name changes with its content
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await assets.put(request, answer.clone());
    return answer;
  } catch {
    return kept ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method === "POST" && LEAVING.includes(path)) event.waitUntil(forget((name) => name.startsWith(PAGES)));
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(open(event));
  else if (path.startsWith(STATIC)) event.respondWith(asset(request));
});

self.addEventListener("message", (event) => {
  const url = event.data?.keep;
  if (url) event.waitUntil(fetch(url).then((answer) => remember(url, answer)).catch(() => undefined));
});
