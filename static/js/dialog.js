// One native <dialog> per page. A link with hx-target="#dialog" fills it; its address also works as a page of its own.

let opener = null;

const shut = (dialog) => dialog?.open && dialog.close();

document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-open-dialog]");
  if (open) {
    opener = open;
    document.getElementById(open.dataset.openDialog)?.showModal();
  }
  const closing = event.target.closest("dialog [data-close-dialog]");
  if (closing) {
    event.preventDefault(); // on the page of its own the same link leads away
    shut(closing.closest("dialog"));
  }
  if (event.target.matches("dialog[open]")) shut(event.target); // a press on the veil
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "dialog") opener = event.detail.elt;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target; // absent when a scan's answer was swapped in by hand
  if (dialog?.id === "dialog" && dialog.children.length && !dialog.open) dialog.showModal();
});
document.addEventListener("closeDialog", () => document.querySelectorAll("dialog[open]").forEach(shut));
document.addEventListener(
  "close",
  () => {
    if (opener?.isConnected) opener.focus();
    opener = null;
  },
  true,
);
