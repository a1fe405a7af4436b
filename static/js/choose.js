// Choosing several orders: the bar counts orders and pieces. Without this file the boxes and the button work all the same.

const form = document.getElementById("choose");
const words = document.querySelector("[data-choose-count]");
const buttons = document.querySelectorAll("[data-choose-do]");
const boxes = () => [...form.querySelectorAll('input[name="order"]')];

function count() {
  const chosen = boxes().filter((box) => box.checked);
  const pieces = chosen.reduce((sum, box) => sum + Number(box.dataset.pieces), 0);
  const said = (one, many, number) => (number === 1 ? one : many.replace("{n}", number));
  const { ordersOne, orders, itemsOne, items } = words.dataset;
  words.dataset.hint ??= words.textContent;
  words.textContent = chosen.length
    ? `${said(ordersOne, orders, chosen.length)}, ${said(itemsOne, items, pieces)}`
    : words.dataset.hint;
  buttons.forEach((button) => (button.disabled = chosen.length === 0));
}

if (form && words && buttons.length) {
  form.addEventListener("change", count);
  document.querySelector("[data-choose-all]")?.addEventListener("click", () => {
    const all = boxes();
    const every = all.every((box) => box.checked);
    all.forEach((box) => (box.checked = !every));
    count();
  });
  window.addEventListener("pageshow", count);
  count();
}
