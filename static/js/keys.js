// The keyboard. Single letters come from event.key, so they follow the layout; never in fields; can be switched off
// (WCAG 2.1.4). A letter counts only when nothing follows it at once: a scanner types letters, too.

const OFF = "omni.letters-off";
const ALONE = 120; // ms without a further key
const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const lettersOff = () => localStorage.getItem(OFF) === "1";

let pending = null;
let lastKeyAt = 0;
let prefix = "";

const toggle = document.querySelector("[data-letters-toggle]");
if (toggle) {
  toggle.checked = !lettersOff();
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "0" : "1"));
}

// --- a list that arrows walk through: search results, table rows ---------------------------------------------------------

const rowsOf = (list) => [...list.querySelectorAll("a.cover")];

function move(list, step) {
  const rows = rowsOf(list);
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  if (next < 0) {
    document.querySelector("[data-search-field]")?.focus();
    return true;
  }
  rows[Math.min(next, rows.length - 1)].focus();
  return true;
}

function arrows(event) {
  const list = document.querySelector("[data-list]");
  if (!list) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const field = event.target.matches("[data-search-field]");
  if (step && (field ? step > 0 : list.contains(event.target))) return move(list, step);
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

function act(key) {
  const help = document.getElementById("shortcuts");
  if (key === "?") return help?.showModal();
  const list = document.querySelector("[data-list]");
  if (list && (key === "j" || key === "k")) return void move(list, key === "j" ? 1 : -1);
  const target = document.querySelector(`[data-key="${CSS.escape(prefix + key)}"]`);
  if (target) target.click();
  prefix = key === "g" && !target ? "g " : "";
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (arrows(event)) return event.preventDefault();
  const alone = event.timeStamp - lastKeyAt > ALONE;
  lastKeyAt = event.timeStamp;
  clearTimeout(pending);
  if (typing(event.target) || document.querySelector("dialog[open]")) {
    if (event.key === "Escape" && event.target.matches("[data-search-field]")) event.target.blur();
    return;
  }
  if (event.key === "/" && !lettersOff()) {
    event.preventDefault();
    const field = document.querySelector("[data-search-field]") ?? document.querySelector("[data-omnibox]");
    field?.focus();
    field?.select();
    return;
  }
  if (event.key.length !== 1 || !alone || lettersOff()) return;
  pending = setTimeout(() => act(event.key), ALONE);
});
