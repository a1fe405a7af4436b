// Live regions freshen by themselves while somebody looks and the network is there; the pill tells how the network is.

const EVERY = 20_000;
const SLOW = 2_000;
const QUIET = 4_000; // never swap under a finger: wait until the hand has rested this long
const root = document.documentElement;
const pill = document.querySelector("[data-pill]");

let offlineSince = null;
let waitingScans = 0;
let touchedAt = 0;
["pointerdown", "keydown"].forEach((kind) =>
  document.addEventListener(kind, () => (touchedAt = Date.now()), { passive: true, capture: true }),
);

const wallTime = (date) =>
  new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone || undefined }).format(
    date,
  );

function show(state, text) {
  root.classList.toggle("is-offline", state === "at_risk");
  if (!pill) return;
  pill.className = `pill state-${state}`;
  pill.querySelector("use").setAttribute("href", pill.querySelector("use").getAttribute("href").replace(/#.*/, `#state-${state}`));
  const words = pill.querySelector("[data-pill-words]");
  if (words.textContent !== text) words.textContent = text;
}

function showConnection(milliseconds = 0) {
  if (!pill) return;
  const { online, slow, offline, keptOne, kept } = pill.dataset;
  if (offlineSince) {
    const scans = waitingScans ? (waitingScans === 1 ? keptOne : kept).replace("{n}", waitingScans) : "";
    show("at_risk", offline.replace("{time}", wallTime(offlineSince)) + scans);
  } else if (milliseconds > SLOW) {
    show("in_progress", slow.replace("{seconds}", Math.round(milliseconds / 1000)));
  } else {
    show("done", online);
  }
}

const lost = () => {
  offlineSince ??= new Date();
  showConnection();
};
const found = (milliseconds) => {
  offlineSince = null;
  showConnection(milliseconds);
};

const startedAt = new WeakMap();
document.addEventListener("htmx:beforeSend", (event) => startedAt.set(event.detail.xhr, performance.now()));
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr } = event.detail;
  if (xhr?.status) found(performance.now() - (startedAt.get(xhr) ?? performance.now()));
});
["htmx:sendError", "htmx:timeout"].forEach((kind) => document.addEventListener(kind, lost));
window.addEventListener("offline", lost);
window.addEventListener("online", refresh);
document.addEventListener("omni:network", (event) => (event.detail.ok ? found(event.detail.milliseconds) : lost()));
document.addEventListener("omni:scans-waiting", (event) => {
  waitingScans = event.detail;
  showConnection();
});

function refresh() {
  if (document.visibilityState !== "visible") return;
  if (Date.now() - touchedAt < QUIET) return void setTimeout(refresh, QUIET);
  if (document.querySelector("dialog[open]")) return;
  document.querySelectorAll("[data-live]").forEach((element) => htmx.trigger(element, "refresh"));
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
if (!navigator.onLine) lost();
