// Clocks: the time on the wall, and for each promise how long is left. Counted on the server's clock, not the tablet's.

const MINUTE = 60_000;
const AT_RISK = 20 * MINUTE;
const MINUS = "\u2212";
const root = document.documentElement;
const skew = root.dataset.now ? Date.parse(root.dataset.now) - (performance.timeOrigin + performance.now()) : 0;

/** The server's now, as well as this page can know it. */
const now = () => Date.now() + skew;

/** `0:35` while time is left, `−0:12` when it is late; whole minutes, late begins with the first second. */
function countdown(left) {
  const minutes = left >= 0 ? Math.floor(left / MINUTE) : Math.ceil(-left / MINUTE);
  const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return left < 0 ? MINUS + text : text;
}

/** `calm` is the state while there is time: new, or in_progress when somebody has it in hand. */
const stateOf = (left, calm) => (left < 0 ? "late" : left < AT_RISK ? "at_risk" : calm);

/** Give a promise's row another state: class, shape and word together. */
function showState(row, state) {
  const before = [...row.classList].find((name) => name.startsWith("state-"));
  if (before === `state-${state}`) return;
  row.classList.remove(before);
  row.classList.add(`state-${state}`);
  row.querySelectorAll("svg.mark use").forEach((use) => {
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#state-${state}`));
  });
  const word = row.querySelector("[data-state-word]");
  const words = document.getElementById("state-words")?.dataset;
  if (word && words) word.textContent = words[state.replace("_", "")] ?? word.textContent;
}

function tick() {
  document.querySelectorAll("time[data-promise]").forEach((time) => {
    const left = Date.parse(time.dateTime) - now();
    if (Math.abs(left) < 100 * 60 * MINUTE) time.textContent = countdown(left);
    const row = time.closest("[data-promise-state]");
    if (row && row.dataset.promiseState !== "fixed") showState(row, stateOf(left, row.dataset.promiseState));
  });
  document.querySelectorAll("time[data-left]").forEach((time) => {
    const left = Date.parse(time.dateTime) - now();
    const seconds = Math.max(0, Math.floor(left / 1000));
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (left <= 0) document.querySelectorAll(time.dataset.left).forEach((element) => (element.hidden = true));
  });
  document.querySelectorAll("time[data-wall]").forEach((time) => {
    time.textContent = new Intl.DateTimeFormat("fr-FR", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: root.dataset.zone || undefined,
    }).format(now());
  });
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSwap", tick);
document.addEventListener("omni:swapped", tick);
