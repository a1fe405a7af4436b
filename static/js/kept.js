// The queue of scans. Each has its own UUID and is sent until the server has answered, one after the other: none is lost, none
// overtakes, and one that is sent twice has one effect. Picks and counts can wait: they are kept on the device (codes and
// addresses only), outlive a reload, and are listed one by one. A scan that opens a page belongs to its page and is not kept.

const body = document.body;
const root = document.documentElement;
const KEPT = "omni.kept";
const HANDED_ON = "omni.scans";
const RETRY = 2_000;
const LONGEST = 8 * 3600_000;
const who = root.dataset.who ?? "";

const read = (store, name) => JSON.parse(store.getItem(name) ?? "[]");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What is kept, of everybody who used this device today. The queue shows and sends only what its own person scanned. */
let kept = read(localStorage, KEPT).filter((one) => Date.now() - one.at < LONGEST);
const passing = []; // scans of this page that are not kept
const mine = () => kept.filter((one) => (one.who === who || root.dataset.offlinePage !== undefined));
const unsent = () => [...mine().filter((one) => !one.refused), ...passing];

function save() {
  if (kept.length) localStorage.setItem(KEPT, JSON.stringify(kept));
  else localStorage.removeItem(KEPT);
  tellWaiting();
}
function tellWaiting() {
  omni.tell("waiting", late ? unsent().length : 0);
  list();
}

function add(wish) {
  const scan = { id: omni.uuid(), at: Date.now(), who, page: window.location.pathname, ...wish };
  if (!("keep" in scan)) passing.push(scan);
  else {
    delete scan.keep;
    kept.push(scan);
    save();
  }
  drain();
}

document.addEventListener("omni:code", ({ detail: { raw, code } }) => scanned(raw, code));
document.addEventListener("omni:keep", ({ detail }) => add({ ...detail, label: body.dataset.scanLabel, keep: true }));

function scanned(raw, code, id = omni.uuid()) {
  if (!body.dataset.scanUrl || body.dataset.scanUrl === "#") return; // "#": the page that tests a device
  omni.tell("heard", { code });
  const keep = "scanKeeps" in body.dataset;
  add({ id, url: body.dataset.scanUrl, fields: { code, raw }, label: body.dataset.scanLabel, ...(keep && { keep }) });
}

// --- sending ------------------------------------------------------------------------------------------------------------------

let sending = false;
let late = false; // something waits longer than an answer takes

function post({ url, fields, id }) {
  return omni.fetch(url, {
    method: "POST",
    headers: { "HX-Request": "true", ...omni.csrf() },
    body: new URLSearchParams({ ...fields, scan_id: id, idempotency_key: id }),
  });
}

/** Send the first scan until the server has answered; only then the next. */
async function drain() {
  if (sending || root.dataset.offlinePage !== undefined) return;
  sending = true;
  for (let scan = unsent()[0]; scan; scan = unsent()[0]) {
    const response = await post(scan);
    if (!response || response.status >= 500 || response.status === 429) {
      late = true;
      tellWaiting();
      await Promise.race([pause(RETRY), online()]); // the same UUID again: if it did arrive, the answer is the same
      continue;
    }
    const elsewhere = response.headers.get("HX-Redirect");
    if (response.status === 401 || response.redirected) {
      sending = false; // somebody has to sign in first; what is kept stays
      if (elsewhere) leave(elsewhere);
      return;
    }
    const words = await shown(scan, response);
    forget(scan, words);
    if (words) {
      omni.tell("answered");
      omni.tell("sound", "wrong");
    }
    if (elsewhere) return leave(elsewhere);
  }
  late = false;
  sending = false;
  tellWaiting();
}
const online = () => new Promise((resolve) => document.addEventListener("omni:online", resolve, { once: true }));

/** Answered: gone. Refused elsewhere than on the page in view: it stays in the list, with the reason. */
function forget(scan, refused) {
  const at = passing.indexOf(scan);
  if (at >= 0) passing.splice(at, 1);
  if (refused) scan.refused = refused;
  else kept = kept.filter((one) => one.id !== scan.id);
  save();
}

/** Show the answer where the scan was made; anywhere else return the reason when it was refused. */
async function shown(scan, response) {
  const html = response.status === 204 ? "" : await response.text();
  const answer = new DOMParser().parseFromString(html, "text/html");
  const here = scan.page === window.location.pathname;
  if (here && response.status < 500 && (response.ok || answer.querySelector("[data-scan-result]"))) {
    const target = body.dataset.scanTarget ? document.querySelector(body.dataset.scanTarget) : null;
    if (html) {
      // Without a place for the answer only its out-of-band parts (the feedback strip) are taken.
      htmx.swap(target ?? body, html, { swapStyle: target ? "outerHTML" : "none", swapDelay: 0, settleDelay: 0 }, { contextElement: body });
      omni.tell("swapped", target ?? body);
    }
    omni.tell("answered");
    return "";
  }
  const result = answer.querySelector("[data-scan-result]");
  if (response.ok && (!result || result.dataset.scanResult === "ok") && !answer.querySelector("main [role=alert], body > div [role=alert]")) return "";
  return (result?.querySelector(".strong") ?? answer.querySelector("[role=alert], h1"))?.textContent.trim() || `${response.status}`;
}

/** Another page was opened by a scan: what was scanned meanwhile belongs to that page. */
function leave(address) {
  if (passing.length) sessionStorage.setItem(HANDED_ON, JSON.stringify(passing.map(({ fields, id }) => ({ ...fields, id }))));
  window.location.assign(address);
}

// Leaving is for good: what is kept goes first, for as long as a person waits.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!mine().some((one) => !one.refused) || form.elements.namedItem("idempotency_key") || form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.drained) return;
  event.preventDefault();
  delete form.dataset.sent;
  form.dataset.drained = "1";
  drain();
  for (let tries = 0; tries < 25 && mine().some((one) => !one.refused); tries += 1) await pause(200);
  form.requestSubmit(event.submitter);
});

// --- the list -------------------------------------------------------------------------------------------------------------------

function list() {
  const frame = document.getElementById("kept");
  const template = document.getElementById("kept-row");
  if (!frame || !template) return;
  const rows = mine().filter((one) => late || one.refused || root.dataset.offlinePage !== undefined);
  frame.hidden = !rows.length;
  const place = document.getElementById("kept-place") ?? document.getElementById("main");
  if (rows.length && !place.contains(frame)) place.querySelector(":scope > .lost") ? place.querySelector(":scope > .lost").after(frame) : place.prepend(frame);
  frame.querySelector(".kept-foot").hidden = rows.every((one) => one.refused);
  frame.querySelector("[data-kept-count]").textContent = rows.length;
  frame.querySelector("ol").replaceChildren(
    ...rows.map((one) => {
      const row = template.content.firstElementChild.cloneNode(true);
      row.dataset.id = one.id;
      row.querySelector("[data-kept-code]").textContent = one.fields.code ?? (Number(one.fields.change) > 0 ? "+1" : "\u22121");
      const time = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone || undefined }).format(one.at);
      row.querySelector("[data-kept-where]").textContent = [one.label, time].filter(Boolean).join(", ");
      row.querySelector("[data-kept-refused]").textContent = one.refused ?? "";
      row.querySelector("[data-kept-drop]").hidden = !one.refused;
      return row;
    }),
  );
}
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-kept-drop]")?.closest("[data-id]");
  if (!row) return;
  kept = kept.filter((one) => one.id !== row.dataset.id);
  save();
});
window.addEventListener("storage", (event) => {
  if (event.key !== KEPT) return;
  kept = read(localStorage, KEPT); // another tab scanned, or sent what was kept
  list();
});

const handedOn = read(sessionStorage, HANDED_ON);
sessionStorage.removeItem(HANDED_ON);
if (body.dataset.scanUrl) handedOn.forEach(({ raw, code, id }) => scanned(raw, code, id));
if (document.querySelector("[data-scan-result]")) omni.tell("answered");
list();
if (mine().length) late = true;
tellWaiting();
drain();
