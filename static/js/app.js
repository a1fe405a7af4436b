// What every page needs: the CSRF header, one effect per press, honest waiting, menus that close.
// Modules do not import each other: they speak through events on the document, so that each file keeps its own hash.

const root = document.documentElement;

/** What several modules need; app.js is the first of them on every page. */
globalThis.omni = {
  /** A UUID, also where `crypto.randomUUID` is missing (a tablet on plain HTTP). */
  uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  },
  /** A preference of this device or person, kept in a cookie: it outlives the clearing of storage at sign-out. */
  preference: (name) => document.cookie.match(new RegExp(`(?:^|; )omni_${name}=([^;]*)`))?.[1] ?? "",
  prefer(name, value) {
    document.cookie = `omni_${name}=${value}; path=/; max-age=${value === "" ? 0 : 31536000}; samesite=lax`;
  },
  tell: (name, detail) => document.dispatchEvent(new CustomEvent(`omni:${name}`, { detail })),
  /** Fetch with a limit of ten seconds; null when no answer came. Whoever listens learns how the network is. */
  async fetch(address, options = {}, limit = 10_000) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), limit);
    const startedAt = performance.now();
    try {
      const response = await fetch(address, { ...options, signal: controller.signal });
      omni.tell("network", { ok: response.status < 502, milliseconds: performance.now() - startedAt });
      return response;
    } catch {
      omni.tell("network", { ok: false });
      return null;
    } finally {
      clearTimeout(timer);
    }
  },
  csrf: () => ({ "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content }),
};

// --- htmx -------------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  if (detail.verb !== "get") {
    Object.assign(detail.headers, omni.csrf());
  }
  // A press on + is a new wish each time: its key is made per press. Other forms keep the key the server gave them,
  // so that sending twice has one effect.
  if (detail.elt.closest("[data-fresh-key]")) detail.parameters["idempotency_key"] = omni.uuid();
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
  omni.prefer("theme", button.dataset.setTheme);
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

// --- the service worker keeps static files and one page that says what can wait; never a page of the house ----------------

if ("serviceWorker" in navigator && root.dataset.worker) {
  window.addEventListener("load", () => navigator.serviceWorker.register(root.dataset.worker).catch(() => {}));
}
