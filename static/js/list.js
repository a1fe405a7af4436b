// Choosing rows of a list. Everything works without this file: the boxes are the form's, and the bar shows itself by CSS.
// Here: how many are chosen, a whole page at once, Shift for a stretch of rows. (`x` is keys.js: it presses the row's box.)

const boxes = () => [...document.querySelectorAll('[data-listing] input[name="row"]')];
let lastTicked = null;

function told() {
  const count = document.querySelector("[data-bulk-count]");
  if (!count) return;
  const all = document.querySelector("[data-select-all]");
  const number = all?.checked ? Number(all.dataset.count) : boxes().filter((box) => box.checked).length;
  const words = number === 0 ? "" : number === 1 ? count.dataset.one : count.dataset.many.replace("{n}", number);
  if (count.textContent !== words) count.textContent = words;
  const ticked = boxes().filter((box) => box.checked).length;
  document.querySelectorAll("[data-select-page]").forEach((page) => {
    page.checked = ticked > 0 && ticked === boxes().length;
    page.indeterminate = ticked > 0 && ticked < boxes().length;
  });
  document.querySelectorAll("[data-select-page-label]").forEach((label) => (label.hidden = false));
}

function tick(box, on) {
  box.checked = on;
  if (!on) {
    const all = document.querySelector("[data-select-all]");
    if (all) all.checked = false; // "all" minus one is not all
  }
}

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("[data-select-page]")) boxes().forEach((box) => tick(box, target.checked));
  if (target.matches("[data-select-all]")) boxes().forEach((box) => (box.checked = target.checked));
  if (target.matches('[data-listing] input[name="row"]')) tick(target, target.checked);
  if (target.closest("[data-listing]")) told();
});

document.addEventListener("click", (event) => {
  if (!event.target.matches('[data-listing] input[name="row"]')) return;
  const all = boxes();
  const [from, to] = [all.indexOf(lastTicked), all.indexOf(event.target)].sort((one, other) => one - other);
  if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach((box) => tick(box, event.target.checked));
  lastTicked = event.target;
  told();
});

// Back in the browser: boxes may come back ticked, the form's key was used. The server tells the same run twice, once.
window.addEventListener("pageshow", told);
document.addEventListener("htmx:afterSettle", told);
told();
