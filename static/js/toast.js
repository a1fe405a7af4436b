// Confirmations: shown at least eight seconds, paused while pointed at or focused. Errors are never toasts.

const SHOWN_FOR = 8_000;
const region = document.getElementById("toasts");

function keep(toast) {
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), SHOWN_FOR));
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  if (!toast.hasAttribute("data-stay")) start();
}

region?.querySelectorAll(".toast").forEach(keep);
document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast").remove());

// The server may answer `HX-Trigger: {"toast": {"text": "…"}}`; the text is the server's, already translated.
document.addEventListener("toast", (event) => {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-toast-text]").textContent = event.detail.text;
  region.append(toast);
  keep(toast);
});
