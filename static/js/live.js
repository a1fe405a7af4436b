// How the network is, how old this page is, and what is new. Whoever looks at a visible page has it asked every 20 s whether
// something changed (204: nothing). New rows are announced and wait for a press; known rows change in place, but only
// while the hand rests. Nothing is asked for a hidden page, so that many open tabs cost nothing.

const EVERY = 20_000;
const RETRY = 5_000;
const SLOW = 2_000;
const QUIET = 4_000; // never swap under a finger: wait until the hand has rested this long
const root = document.documentElement;
const pill = document.querySelector("[data-pill]");

let offlineSince = null;
let freshAt = new Date(); // when what is shown was last known to be true
let waiting = 0;
let touchedAt = 0;
let leaving = false;
["pointerdown", "keydown"].forEach((kind) =>
  document.addEventListener(kind, () => (touchedAt = Date.now()), { passive: true, capture: true }),
);
window.addEventListener("beforeunload", () => {
  leaving = true; // what is cut off by leaving says nothing about the network
  setTimeout(() => (leaving = false), 3_000);
});

const wallTime = (date) =>
  new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone || undefined }).format(
    date,
  );

// --- the pill and the banner ------------------------------------------------------------------------------------------------

function show(state, text) {
  if (!pill) return;
  pill.classList.remove("state-done", "state-in_progress", "state-at_risk");
  pill.classList.add(`state-${state}`);
  pill.querySelector("use").setAttribute("href", pill.querySelector("use").getAttribute("href").replace(/#.*/, `#state-${state}`));
  const words = pill.querySelector("[data-pill-words]");
  if (words.textContent !== text) words.textContent = text;
}

function showConnection(milliseconds = 0) {
  root.classList.toggle("is-offline", Boolean(offlineSince));
  showBanner();
  if (!pill) return;
  const { online, slow, offline, keptOne, kept, sendingOne, sending } = pill.dataset;
  const counted = (one, many) => (waiting ? (waiting === 1 ? one : many).replace("{n}", waiting) : "");
  if (offlineSince) show("at_risk", offline.replace("{time}", wallTime(offlineSince)) + counted(keptOne, kept));
  else if (waiting) show("in_progress", counted(sendingOne, sending)); // not green while something is still here
  else if (milliseconds > SLOW) show("in_progress", slow.replace("{seconds}", Math.round(milliseconds / 1000)));
  else show("done", online);
}

let banner = null;
function showBanner() {
  const template = document.getElementById("lost-template");
  if (!template) return;
  if (!offlineSince) {
    banner?.remove();
    banner = null;
    return;
  }
  banner ??= template.content.firstElementChild.cloneNode(true);
  const minutes = Math.floor((Date.now() - freshAt) / 60_000);
  const { now, one, many } = banner.dataset;
  const text = (minutes < 1 ? now : minutes === 1 ? one : many).replace("{time}", wallTime(freshAt)).replace("{n}", minutes);
  const age = banner.querySelector("[data-age]");
  if (age.textContent !== text) age.textContent = text;
  if (!banner.isConnected) document.getElementById("main")?.prepend(banner);
}
document.addEventListener("click", (event) => event.target.closest("[data-try-now]") && refresh({ now: true }));

function lost() {
  if (leaving) return;
  const first = !offlineSince;
  offlineSince ??= new Date();
  showConnection();
  if (first) setTimeout(retry, RETRY);
}
function found(milliseconds) {
  const wasLost = offlineSince;
  offlineSince = null;
  showConnection(milliseconds);
  if (wasLost) {
    omni.tell("online");
    refresh({ now: true });
  }
}
function retry() {
  if (!offlineSince) return;
  pulse();
  setTimeout(retry, RETRY);
}

document.addEventListener("omni:network", ({ detail }) => (detail.ok ? found(detail.milliseconds) : lost()));
document.addEventListener("omni:waiting", (event) => {
  waiting = event.detail;
  showConnection();
});
document.addEventListener("htmx:configRequest", ({ detail }) => detail.elt.closest("[data-live][hx-get]") && (detail.headers["X-Omni-Poll"] = "1"));
const startedAt = new WeakMap();
document.addEventListener("htmx:beforeSend", (event) => startedAt.set(event.detail.xhr, performance.now()));
document.addEventListener("htmx:afterRequest", ({ detail: { xhr, elt } }) => {
  if ((xhr?.status === 204 || xhr?.status === 200) && elt?.closest("[data-live]")) freshAt = new Date();
  if (xhr?.status && xhr.status < 502) found(performance.now() - (startedAt.get(xhr) ?? performance.now()));
});
["htmx:sendError", "htmx:timeout"].forEach((kind) => document.addEventListener(kind, lost));
window.addEventListener("offline", lost);
window.addEventListener("online", pulse);

// --- asking -------------------------------------------------------------------------------------------------------------------

const POLL = { "X-Omni-Poll": "1", "HX-Request": "true" }; // such a request is nobody's activity

/** Slow is told while one waits, not afterwards. */
async function asked(address) {
  const timer = setTimeout(() => offlineSince || showConnection(SLOW + 1_000), SLOW);
  const response = await omni.fetch(address, { headers: POLL, cache: "no-store" });
  clearTimeout(timer);
  return response;
}

/** Is the house there? For pages where nothing else asks. */
async function pulse() {
  const response = await asked("/pulse/");
  if (response?.ok && root.dataset.offlinePage !== undefined) window.location.reload();
}

async function poll(region) {
  if (region.dataset.asking) return;
  region.dataset.asking = "1";
  const address = new URL(region.dataset.live || window.location.href, window.location.href);
  address.searchParams.set("version", region.dataset.version ?? "");
  const response = await asked(address);
  delete region.dataset.asking;
  if (!response?.ok || response.redirected) return;
  freshAt = new Date();
  if (response.status === 200) settle(region.id, await response.text());
}

const resting = () => Date.now() - touchedAt >= QUIET && !document.querySelector("dialog[open]");

function settle(id, html) {
  const region = document.getElementById(id);
  if (!region) return;
  if (!resting() || region.querySelector("form[data-sent]")) return void setTimeout(() => settle(id, html), 1_000);
  present(region, html);
}

// --- showing ------------------------------------------------------------------------------------------------------------------

const held = new Map(); // region id → the page part with the rows that wait for a press
const rowsOf = (region) => [...region.querySelectorAll("[data-row]")];

function present(region, html, { insert = false } = {}) {
  const next = new DOMParser().parseFromString(`<body>${html}`, "text/html").getElementById(region.id);
  if (!next) return;
  const known = new Set(rowsOf(region).map((row) => row.dataset.row));
  const fresh = rowsOf(next).filter((row) => !known.has(row.dataset.row));
  const strip = next.querySelector("[data-new-rows]");
  held.delete(region.id);
  if (fresh.length && known.size && strip && !insert) {
    held.set(region.id, html);
    fresh.forEach((row) => row.remove());
    announce(strip, fresh.length);
  }
  replace(region, next);
}

let announced = "";
function announce(strip, count) {
  const text = (count === 1 ? strip.dataset.one : strip.dataset.many).replace("{n}", count);
  strip.hidden = false;
  strip.querySelector("[data-new-words]").textContent = text;
  if (text === announced) return;
  announced = text;
  const aloud = document.getElementById("live-words");
  if (aloud) aloud.textContent = text;
  omni.tell("sound", "new");
}

/** Put `next` where `region` is; the focus and what was ticked stay. */
function replace(region, next) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const row = active?.closest("[data-row]")?.dataset.row;
  const among = (element) => [...element.querySelectorAll("a, button, input")];
  const place = row === undefined ? -1 : among(active.closest("[data-row]")).indexOf(active);
  const ticked = [...region.querySelectorAll("input[type=checkbox]:checked")].map((box) => `${box.name}=${box.value}`);
  region.replaceWith(document.adoptNode(next));
  next.querySelectorAll("input[type=checkbox]").forEach((box) => (box.checked ||= ticked.includes(`${box.name}=${box.value}`)));
  htmx.process(next);
  omni.tell("swapped", next);
  if (!active) return;
  const same = row === undefined ? active.id && document.getElementById(active.id) : among(rowsOf(next).find((one) => one.dataset.row === row) ?? document.createElement("i"))[place];
  (same || next).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const region = event.target.closest("[data-show-new]")?.closest("[data-live]");
  if (!region) return;
  const html = held.get(region.id);
  if (!html) return void window.location.reload();
  const known = new Set(rowsOf(region).map((row) => row.dataset.row));
  present(region, html, { insert: true });
  announced = "";
  const first = rowsOf(document.getElementById(region.id)).find((row) => !known.has(row.dataset.row));
  first?.querySelector("a, button")?.focus();
});

function refresh({ now = false } = {}) {
  if (!now && (document.visibilityState !== "visible" || !navigator.onLine)) return;
  const regions = [...document.querySelectorAll("[data-live]")];
  // A region with hx-get says itself what it asks for; any other is compared row by row.
  regions.forEach((region) => (region.hasAttribute("hx-get") ? resting() && htmx.trigger(region, "refresh") : poll(region)));
  if (!regions.length && (pill || root.dataset.offlinePage !== undefined)) pulse();
}

setInterval(refresh, EVERY);
// Work that somebody watches (`data-often`) is asked for every second, while it is looked at.
setInterval(() => document.visibilityState === "visible" && document.querySelectorAll("[data-often]").forEach((region) => htmx.trigger(region, "refresh")), 1_000);
setInterval(() => offlineSince && showBanner(), RETRY);
document.addEventListener("visibilitychange", () => refresh());
document.addEventListener("omni:refresh", () => refresh({ now: true }));
if (!navigator.onLine) lost();
