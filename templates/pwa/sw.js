{% comment %}Files by name with a hash are kept until another version of this worker takes over; pages are never kept.{% endcomment %}{% autoescape off %}const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];
const OFFLINE = "{{ offline }}";
const STATIC = "{{ static }}";
const CACHE = "omni-" + FILES.join().split("").reduce((sum, sign) => (Math.imul(sum, 31) + sign.charCodeAt(0)) | 0, 7);

// Without cookies: the page that is kept is the one a stranger sees, and names nobody.
const page = () => new Request(OFFLINE, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...FILES, page()])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin || request.cache === "no-store") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (address.pathname.startsWith(STATIC)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
{% endautoescape %}
