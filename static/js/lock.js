// A page that nobody touches is left: what was typed is kept on the server, and the tiles come up. The server locks by
// itself; this only makes the screen agree with it. Whoever types or taps without asking anything is still here.

const idle = Number(document.querySelector('meta[name="idle-seconds"]')?.content || 0) * 1000;
const DRAFT_DELAY = 800;
let touchedAt = Date.now();
let toldAt = Date.now();

const post = (address, fields) =>
  omni.fetch(address, { method: "POST", headers: omni.csrf(), body: new URLSearchParams(fields ?? {}), keepalive: true });

// --- drafts: `data-draft` on a form keeps what was changed in it for this person, never in this browser --------------------

const KEPT = "input:not([type=hidden], [type=password], [type=file], [autocomplete=one-time-code]), textarea, select";
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
const nameOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name); // each tick is kept by itself
const valueOf = (field) => (isChoice(field) ? (field.checked ? "on" : "off") : field.value);
const addressOf = (form) => new URL(form.action || location.href).pathname;
const changed = new Map();

function cameWith(field) {
  if (isChoice(field)) return field.defaultChecked ? "on" : "off";
  if (field.options) return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value ?? "";
  return field.defaultValue;
}

const keptOf = (form) => [...form.elements].filter((field) => field.name && field.matches(KEPT) && !field.matches("[data-aside]")); // also those outside it
// A page that came back with what was refused holds values that nobody has saved: all of it is kept, and nothing put over it.
const wasRefused = (form) =>
  form.querySelector("[role=alert]") || [...form.elements].some((field) => field.closest(".field-error, [aria-invalid=true]"));

function fieldsOf(form) {
  const all = wasRefused(form);
  const typed = keptOf(form).filter((field) => all || valueOf(field) !== cameWith(field));
  return Object.fromEntries(typed.map((field) => [nameOf(field), valueOf(field)]));
}

function keep(form) {
  clearTimeout(changed.get(form));
  changed.delete(form);
  toldAt = Date.now();
  const fields = { address: addressOf(form), page: location.pathname + location.search, fields: JSON.stringify(fieldsOf(form)) };
  return post("/drafts/", fields);
}

function mark(form) {
  if (form.querySelector("[name=draft_address]")) return;
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_address" });
  mark.value = addressOf(form); // the server forgets the draft when it has taken the form
  form.append(mark);
}

async function restore(form) {
  if (form.dataset.draft === "here") return;
  form.dataset.draft = "here";
  mark(form);
  if (wasRefused(form)) return; // what was sent is newer
  const query = new URLSearchParams({ address: addressOf(form) });
  const response = await omni.fetch(`/drafts/?${query}`, { headers: { "X-Omni-Poll": "1" } });
  if (!response?.ok) return;
  const { fields } = await response.json();
  for (const field of keptOf(form)) {
    const typed = fields[nameOf(field)];
    if (typed === undefined) continue;
    if (isChoice(field)) field.checked = typed === "on";
    else field.value = typed;
  }
  if (Object.keys(fields).length) form.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const form = event.target.form; // none when the target is a form itself: what was restored is kept already
  if (!form?.matches("[data-draft]")) return;
  clearTimeout(changed.get(form));
  changed.set(form, setTimeout(() => keep(form), DRAFT_DELAY));
});
document.addEventListener("submit", (event) => {
  clearTimeout(changed.get(event.target));
  changed.delete(event.target);
});
const restoreAll = () => document.querySelectorAll("form[data-draft]").forEach(restore);
document.addEventListener("htmx:load", restoreAll);
restoreAll();

// --- the lock ---------------------------------------------------------------------------------------------------------------

function leave() {
  document.documentElement.classList.add("is-locked");
  location.replace("/sign-in/");
}

// Locked in another tab, or by the server: whichever question of this page hears of it first.
// Whoever works in one tab is there in all of them.
const door = new BroadcastChannel("omni-door");
door.addEventListener("message", ({ data }) => {
  if (data === "touched") touchedAt = Date.now();
  else leave();
});
const ask = omni.fetch;
omni.fetch = async (...asked) => {
  const response = await ask(...asked);
  if (response?.headers.get("X-Omni-Locked")) leave();
  return response;
};

async function lock() {
  document.documentElement.classList.add("is-locked");
  await Promise.all([...changed.keys()].map(keep));
  await post("/lock/");
  leave();
}

function look() {
  const rest = idle - (Date.now() - touchedAt);
  if (rest <= 0) return void lock();
  setTimeout(look, rest + 50);
}

const touched = () => {
  if (Date.now() - touchedAt > 1000) door.postMessage("touched");
  touchedAt = Date.now();
  if (touchedAt - toldAt < idle / 3) return;
  toldAt = touchedAt;
  post("/presence/");
};
if (idle) {
  ["pointerdown", "keydown", "wheel"].forEach((kind) => document.addEventListener(kind, touched, { passive: true, capture: true }));
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.detail.elt.closest("[data-live]")) toldAt = Date.now();
  });
  // A tablet that slept wakes up on the page of somebody who has left.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && Date.now() - touchedAt >= idle && lock());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // never out of the browser's memory
  setTimeout(look, idle);
}
