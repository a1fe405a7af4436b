// The keyboard. Single letters come from event.key, so they follow the layout; never in fields, never with Ctrl or Alt; can
// be switched off (WCAG 2.1.4). A letter counts only when nothing follows it at once: a scanner types letters, too.
// A page offers a letter with data-key="n" on a link or button; `?` lists what works on the page in view.

const ALONE = 150; // ms without a further key; longer than the pause between two keys of a slow scanner
const typing = (element) => element.closest?.("input:not([type=checkbox], [type=radio], [data-scan-park]), textarea, select, [contenteditable]");
const lettersOff = () => omni.preference("shortcuts") === "off";

let pending = null;
let lastKeyAt = -Infinity; // a page that is younger than ALONE hears its first letter, too
let prefix = "";

const toggle = document.querySelector("[data-letters-toggle]");
if (toggle) {
  toggle.checked = !lettersOff();
  toggle.addEventListener("change", () => omni.prefer("shortcuts", toggle.checked ? "" : "off"));
}

// --- a list that arrows walk through: search results, table rows ---------------------------------------------------------

const lists = () => [...document.querySelectorAll("[data-list]")];
const rowsOf = (list) => [...list.querySelectorAll("a.cover")].filter((row) => row.offsetParent);

function move(list, step) {
  const rows = rowsOf(list);
  if (!rows.length) return false;
  const row = document.activeElement.closest?.("[data-row], li, tr");
  const at = rows.findIndex((one) => one === document.activeElement || (row && row.contains(one)));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  if (next < 0) {
    document.querySelector("[data-search-field]")?.focus();
    return true;
  }
  rows[Math.min(next, rows.length - 1)].focus();
  return true;
}

function arrows(event) {
  const list = lists()[0];
  if (!list) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const field = event.target.matches?.("[data-search-field]");
  if (step && (field ? step > 0 : list.contains(event.target) && !typing(event.target))) return move(list, step);
  if (event.key === "Enter" && field) {
    const only = rowsOf(list);
    // Enter opens the first answer, but only when the answers belong to what is typed now.
    if (only.length && list.dataset.query === event.target.value.trim()) {
      only[0].click();
      return true;
    }
  }
  return false;
}

// --- letters --------------------------------------------------------------------------------------------------------------

const shown = (element) => element.checkVisibility?.() ?? element.offsetParent;
const offers = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => shown(one) && !one.disabled);

function act(key) {
  if (key === "?") return help();
  const list = lists().find((one) => one.contains(document.activeElement)) ?? lists()[0];
  if (list && (key === "j" || key === "k")) return void move(list, key === "j" ? 1 : -1);
  const box = key === "x" && document.activeElement.closest?.("[data-row], li, tr")?.querySelector("input[type=checkbox]");
  if (box && list?.contains(box)) return box.click();
  const target = offers(prefix + key);
  if (target) target.click();
  prefix = key === "g" && !target ? "g " : "";
}

/** The list of what works here: the fixed keys whose thing is on the page, then every data-key in view. */
function help() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  dialog.querySelectorAll("[data-when]").forEach((row) => (row.hidden = ![...document.querySelectorAll(row.dataset.when)].some(shown)));
  const template = dialog.querySelector("template");
  const seen = new Set();
  const rows = [...document.querySelectorAll("[data-key]")].filter((one) => shown(one) && !seen.has(one.dataset.key) && seen.add(one.dataset.key));
  dialog.querySelector("[data-page-keys]").replaceChildren(
    ...rows.map((one) => {
      const row = template.content.firstElementChild.cloneNode(true);
      const key = row.querySelector(".key");
      key.replaceWith(...one.dataset.key.split(" ").map((letter) => Object.assign(key.cloneNode(), { textContent: letter })));
      row.querySelector("dd").textContent = one.dataset.keyWords ?? one.getAttribute("aria-label") ?? one.textContent.trim().replace(/\s+/g, " ");
      return row;
    }),
  );
  if (!dialog.open) dialog.showModal();
}
document.addEventListener("click", (event) => event.target.closest("[data-open-dialog=shortcuts]") && help());

function escape(event) {
  if (event.target.matches?.("[data-search-field], [data-omnibox]")) return event.target.blur();
  if (typing(event.target) || document.querySelector("details.menu[open]")) return;
  const link = [...document.querySelectorAll("a.back[href]")].find(shown);
  if (link) link.click();
  else if (document.body.dataset.back) window.location.assign(document.body.dataset.back);
}

/** Ctrl+Enter presses the button of the form one is in, or of the form in the open dialog. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.repeat) return;
  const form = event.target.closest?.("form[method=post]") ?? document.querySelector("dialog[open] form[method=post]");
  const button = form?.querySelector("button:not([type=button], [formaction])");
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (arrows(event)) return event.preventDefault();
  const alone = event.timeStamp - lastKeyAt > ALONE;
  if (event.key.length === 1) lastKeyAt = event.timeStamp;
  clearTimeout(pending);
  if (event.key === "Escape") return escape(event);
  if (event.key.length !== 1 || typing(event.target) || lettersOff()) return;
  if (!alone) return;
  if (event.key === "/") {
    event.preventDefault();
    const field = document.querySelector("[data-search-field]") ?? document.querySelector("[data-omnibox]");
    field?.focus();
    field?.select();
    return;
  }
  pending = setTimeout(() => act(event.key), ALONE);
});
