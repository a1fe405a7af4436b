// A form whose changes are not saved yet: each changed field is marked with what it was, the bar below counts them.

const changed = (field) => {
  if (field.matches("[data-aside]")) return false; // helps to fill in, is not kept
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
};

let sending = false;
const form = document.querySelector("form[data-unsaved]");
const bar = form && document.querySelector(`[data-changes-of="${form.id}"]`);

const count = () => {
  const marked = [...form.elements].filter(changed);
  for (const field of form.elements) {
    const box = field.closest(".field, .check, .hours-edge");
    if (!box) continue;
    const is = changed(field);
    box.classList.toggle("is-changed", is);
    let was = box.querySelector(".was");
    if (is && !was && field.defaultValue && field.type !== "checkbox") {
      was = document.createElement("span");
      was.className = "was meta";
      was.textContent = form.dataset.wordWas.replace("{value}", field.defaultValue);
      box.append(was);
    } else if (!is) was?.remove();
  }
  const number = marked.length;
  bar.querySelector("[data-changes-count]").hidden = number === 0;
  bar.querySelector("[data-changes-drop]").hidden = number === 0;
  const words = number === 1 ? form.dataset.wordOne : form.dataset.wordMany.replace("{n}", number);
  bar.querySelector("[data-changes-number]").textContent = words;
  return number;
};

if (form && bar) {
  // On the document: fields that name their form stand outside it, and what they say does not pass through it.
  const heard = (event) => (event.target === form || event.target.form === form) && count();
  document.addEventListener("input", heard);
  document.addEventListener("change", heard);
  form.addEventListener("submit", () => { sending = true; });
  bar.querySelector("[data-changes-drop]").addEventListener("click", () => { sending = true; });
  addEventListener("beforeunload", (event) => { if (!sending && count()) event.preventDefault(); });
  count();
}
