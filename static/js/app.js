// What every page needs: the CSRF header, one effect per press, honest waiting, menus that close.
// Modules do not import each other: they speak through events on the document, so that each file keeps its own hash.

const root = document.documentElement;

/** A UUID, also where `crypto.randomUUID` is missing (a tablet on plain HTTP). */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// --- htmx -------------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  if (detail.verb !== "get") {
    detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  }
  // A press on + is a new wish each time: its key is made per press. Other forms keep the key the server gave them,
  // so that sending twice has one effect.
  if (detail.elt.closest("[data-fresh-key]")) detail.parameters["idempotency_key"] = uuid();
});

let waiting = 0;
const busy = (step) => {
  waiting = Math.max(0, waiting + step);
  root.classList.toggle("is-busy", waiting > 0);
};
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("[data-live]")) return; // polling is never shown as waiting
  busy(1);
  event.detail.target?.setAttribute?.("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.closest("[data-live]")) return;
  busy(-1);
  event.detail.target?.removeAttribute?.("aria-busy");
});
document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector?.("[data-autofocus]")?.focus();
});

// --- plain forms: the second press of the same button sends nothing ------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  root.classList.add("is-busy");
});
window.addEventListener("pageshow", () => {
  // Back in the browser: the page may come from memory with its forms already marked.
  root.classList.remove("is-busy");
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// --- menus (details) close on Escape and on a press elsewhere -------------------------------------------------------------

const closeMenus = (except) =>
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu !== except && (menu.open = false));
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// --- light, dark, or as the machine says: kept in a cookie, so that the server draws the first paint right ---------------

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme]");
  if (!button) return;
  root.dataset.theme = button.dataset.setTheme;
  document.cookie = `omni_theme=${button.dataset.setTheme}; path=/; max-age=31536000; samesite=lax`;
  document
    .querySelectorAll("[data-set-theme]")
    .forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
});
document
  .querySelectorAll("[data-set-theme]")
  .forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.setTheme === root.dataset.theme)));

// --- search while typing: nothing is asked below the least length, and an answer to an older question is dropped ----------

document.addEventListener("htmx:configRequest", (event) => {
  const { elt } = event.detail;
  const least = Number(elt.dataset.minCharacters || 0);
  const length = elt.value?.trim().length ?? 0;
  if (least && length > 0 && length < least) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, serverResponse } = event.detail;
  const field = requestConfig?.elt;
  if (!field?.matches?.("[data-search-field]")) return;
  const echo = new DOMParser().parseFromString(serverResponse, "text/html").querySelector("[data-query]");
  if (echo && echo.dataset.query !== field.value.trim()) event.detail.shouldSwap = false;
});
