// The guardians' page on a phone: shows messages while it is closed, and opens without a network as it last was.
// Only the page's own files are kept; what the gateway answers about a child never is.
const KEPT = "zhian-family-1";
const SHELL = "./family.html";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.add(SHELL)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const isPage = address.pathname.endsWith("/family.html");
  // Built files have their hash in their names: the same name is the same file.
  const isFile = address.pathname.includes("/assets/");
  if (isPage) event.respondWith(newest(event.request));
  else if (isFile) event.respondWith(known(event.request, event.clientId));
});

async function newest(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(SHELL, answer.clone());
    return answer;
  } catch (error) {
    const before = await kept.match(SHELL);
    if (before === undefined) throw error;
    return before;
  }
}

async function known(request, clientId) {
  // Only what this page has asked for before is kept; the guard's own page is not.
  const kept = await caches.open(KEPT);
  const before = await kept.match(request);
  if (before !== undefined) return before;
  const answer = await fetch(request);
  const client = await self.clients.get(clientId);
  if (answer.ok && client?.url.includes("family.html")) await kept.put(request, answer.clone());
  return answer;
}

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const options = { body: told.body ?? "", tag: told.tag, lang: told.lang, icon: "./family-192.png" };
  event.waitUntil(self.registration.showNotification(told.title ?? "智安", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function open() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => each.url.includes("family.html"));
  return page === undefined ? self.clients.openWindow(SHELL) : page.focus();
}
