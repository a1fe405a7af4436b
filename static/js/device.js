// The page that tests a scanner: what came, how fast, on which layout, and what was understood. It posts nothing.

const page = document.querySelector("[data-device]");
const words = page.querySelector("[data-words]").dataset;
const fact = (name, text) => (page.querySelector(`[data-fact=${name}]`).textContent = text);

function show(raw, keys, pressed, ending) {
  const { code, layout } = omni.repair(raw, keys);
  fact("code", code);
  fact("raw", raw);
  fact("check", omni.isGtin(code) ? words.right : words.none);
  fact("layout", { direct: words.direct, azerty: words.azerty, "azerty?": words.guess }[layout] ?? words.open);
  const gaps = pressed.slice(1).map((key, index) => Math.round(key.at - pressed[index].at));
  fact("timing", gaps.length ? `${Math.round(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length)} ms, ${Math.max(...gaps)} ms` : "—");
  fact("ending", ending === undefined ? "—" : ending || words.nothing);
  page.querySelector("[data-keys]").replaceChildren(
    ...pressed.map((key, index) => Object.assign(document.createElement("span"), { className: "key", textContent: key.key, title: `${key.code || "?"}${index ? `, +${gaps[index - 1]} ms` : ""}` })),
  );
}

let byBurst = false;
document.addEventListener("omni:burst", ({ detail: { raw, keys, pressed, ending } }) => {
  byBurst = true;
  show(raw, keys, pressed, ending);
});
document.addEventListener("omni:code", ({ detail: { raw } }) => {
  if (!byBurst) show(raw, "", []); // from the camera, or through the input method
  byBurst = false;
  omni.tell("sound", "ok");
});

page.querySelectorAll("[data-preference]").forEach((field) => {
  const name = field.dataset.preference;
  const box = field.type === "checkbox";
  if (box) field.checked = omni.preference(name) !== "off";
  else field.value = omni.preference(name);
  field.addEventListener("change", () => {
    omni.prefer(name, box ? (field.checked ? "" : "off") : field.value);
    if (name === "scan_gap") window.location.reload();
  });
});
page.addEventListener("click", (event) => {
  const button = event.target.closest("[data-try-sound]");
  if (button) omni.tell("sound", button.dataset.trySound);
});
