// Forms over a network that comes and goes. A form with an idempotency key is sent by fetch, so that a lost answer leaves the
// page and what was typed as they are. After a lost answer the server is asked "did it happen?" before anybody is offered
// to send again, and what is sent again carries the same key: nothing is lost, nothing is done twice.

const root = document.documentElement;
const unsent = new Map(); // key → what waits for an answer

/** The browser's own way: no key, a new window, or a form that says so. */
const isPlain = (form, submitter) =>
  !form.elements.namedItem("idempotency_key") || form.target || "plain" in form.dataset || submitter?.formTarget;

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
  if (event.defaultPrevented || form.hasAttribute("hx-post") || method.toLowerCase() !== "post") return;
  if (form.dataset.sent) return void event.preventDefault(); // the second press of the same button sends nothing
  form.dataset.sent = "1";
  root.classList.add("is-busy");
  if (isPlain(form, submitter)) return;
  event.preventDefault();
  const fields = new FormData(form, submitter);
  const multipart = form.enctype === "multipart/form-data";
  send({
    key: fields.get("idempotency_key"),
    url: submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? window.location.href,
    body: multipart ? fields : new URLSearchParams(fields),
    headers: { "X-Omni-Form": "1" },
    show: (response) => showPage(response, form),
    over: () => delete form.dataset.sent,
  });
});
window.addEventListener("pageshow", () => {
  // Back in the browser: the page may come from memory with its forms already marked.
  root.classList.remove("is-busy");
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// --- sending, asking, sending again ---------------------------------------------------------------------------------------

async function send(wish) {
  root.classList.add("is-busy");
  const response = await omni.fetch(wish.url, { method: "POST", body: wish.body, headers: wish.headers, redirect: "manual" });
  if (!response || response.status >= 500) {
    root.classList.remove("is-busy");
    return ask(wish);
  }
  dismiss(wish);
  wish.over?.();
  const document_ = response.headers.get("X-Omni-Opens"); // a label, while the press that asked for it still counts
  if (document_) window.open(document_, "_blank", "noopener");
  const elsewhere = response.headers.get("X-Omni-Location") ?? response.headers.get("HX-Redirect");
  if (elsewhere) return leave(elsewhere);
  await wish.show(response);
  root.classList.remove("is-busy");
}

/** "Did it happen?" Only the server knows; until it says no, nothing is offered. */
async function ask(wish) {
  say(wish, "asking");
  const response = await omni.fetch(`/ops/${encodeURIComponent(wish.key)}/`, { cache: "no-store" }, 5_000);
  if (response?.status === 202) return void setTimeout(() => ask(wish), 1_000); // still at work
  if (response?.status === 200) {
    say(wish, "done");
    return send(wish); // the same key does nothing again; its answer is the page that was lost
  }
  if (response?.status === 404) return say(wish, "again");
  say(wish, "waiting"); // asked again when the network is back
}

document.addEventListener("omni:online", () => {
  for (const wish of unsent.values()) if (wish.said === "waiting") ask(wish);
});

function say(wish, what) {
  wish.said = what;
  unsent.set(wish.key, wish);
  wish.strip ??= document.getElementById("unsent-template")?.content.firstElementChild.cloneNode(true);
  if (!wish.strip) return;
  wish.strip.querySelectorAll("[data-said]").forEach((words) => (words.hidden = words.dataset.said !== what));
  const button = wish.strip.querySelector("[data-send-again]");
  button.hidden = what !== "again";
  button.onclick = () => send(wish);
  if (!wish.strip.isConnected) document.getElementById("unsent").append(wish.strip);
  if (what === "again") wish.over?.(); // the form itself may be changed and pressed again: its key is still free
}

function dismiss(wish) {
  unsent.delete(wish.key);
  wish.strip?.remove();
}

// --- answers ----------------------------------------------------------------------------------------------------------------

function leave(address) {
  const there = new URL(address, window.location.href);
  const sameDocument = there.href.split("#")[0] === window.location.href.split("#")[0];
  if (!sameDocument) return window.location.assign(there);
  if (there.hash) history.replaceState(history.state, "", there);
  window.location.reload();
}

/** Show a page that came as an answer (a form with its problems, a refusal): its styles, title and content. */
async function showPage(response, form) {
  if (!response.headers.get("Content-Type")?.startsWith("text/html") || response.type === "opaqueredirect") {
    return form.submit(); // a file, or a place only the browser may go to; the key makes it the same wish
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const content = page.getElementById("main");
  if (!content) return form.submit();
  for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.querySelector(`link[href="${CSS.escape(link.getAttribute("href"))}"]`)) document.head.append(link);
  }
  document.title = page.title;
  form.closest("dialog")?.close(); // the answer is a page, and a dialog would cover it
  const main = document.getElementById("main");
  main.className = content.className;
  main.replaceChildren(...content.childNodes);
  htmx.process(main);
  omni.tell("swapped", main);
  window.scrollTo(0, 0);
  const first = main.querySelector("[aria-invalid=true], [data-autofocus], [autofocus]") ?? main.querySelector("[role=alert], h1");
  if (first && !first.matches("input, select, textarea, button, a")) first.tabIndex = -1;
  first?.focus();
}

// --- the same for what htmx sends -----------------------------------------------------------------------------------------

const lostByHtmx = (event) => {
  const { requestConfig, elt, target } = event.detail;
  if (!requestConfig || requestConfig.verb === "get") return;
  const body = new URLSearchParams(new FormData());
  for (const [name, value] of requestConfig.formData ?? []) body.append(name, value);
  const key = body.get("idempotency_key");
  if (!key) return;
  const wish = {
    key,
    url: requestConfig.path,
    body,
    headers: { "HX-Request": "true", ...omni.csrf() },
    show: async (response) => {
      const style = elt.getAttribute("hx-swap") ?? "innerHTML";
      const html = response.status === 204 ? "" : await response.text();
      if (html && target.isConnected) htmx.swap(target, html, { swapStyle: style, swapDelay: 0, settleDelay: 0 });
    },
  };
  // One piece more or less is appended to what waits on the device, like a scan; anything else is asked for.
  const change = elt.closest("[data-fresh-key]") && body.get("change");
  if (change) return omni.tell("keep", { id: key, url: wish.url, fields: { change } });
  ask(wish);
};
["htmx:sendError", "htmx:timeout"].forEach((kind) => document.addEventListener(kind, lostByHtmx));
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && lostByHtmx(event));

window.addEventListener("beforeunload", (event) => {
  if (unsent.size) event.preventDefault(); // something was sent and nobody knows yet
});
