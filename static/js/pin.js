// The six digits: keys on the screen, a keyboard, or pasted; the sixth one opens. Without this script the field and its
// button do the same.

const form = document.querySelector("[data-pin-form]");
const field = form?.querySelector("[data-pin] input");
sessionStorage.clear(); // nothing of whoever was here before
new BroadcastChannel("omni-door").postMessage("locked"); // nor in another tab

if (field) {
  const boxes = [...form.querySelectorAll(".pin-box")];
  form.classList.add("is-alive");

  const show = () => {
    field.value = field.value.replace(/\D/g, "").slice(0, boxes.length);
    boxes.forEach((box, at) => {
      box.classList.toggle("is-filled", at < field.value.length);
      box.classList.toggle("is-next", at === field.value.length);
    });
    if (field.value.length === boxes.length) form.requestSubmit();
  };

  form.addEventListener("click", async (event) => {
    const key = event.target.closest("[data-digit]");
    if (key) field.value += key.dataset.digit;
    else if (event.target.closest("[data-rub]")) field.value = field.value.slice(0, -1);
    else if (event.target.closest("[data-paste]")) field.value = await navigator.clipboard.readText().catch(() => "");
    else return;
    show();
    if (!key) field.focus();
  });
  field.addEventListener("input", show);
  // maxlength would cut a pasted "123 456" before the space is taken out
  field.addEventListener("paste", (event) => {
    event.preventDefault();
    field.value = event.clipboardData.getData("text");
    show();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) field.value = "";
    show();
  });
  if (!navigator.clipboard?.readText) form.querySelector("[data-paste]").hidden = true;
  show();
}
