// The scanner: a keyboard that types fast. One listener on the document hears it wherever the focus is, except in text
// fields, where a scan types as a person would. What is heard is repaired and handed to the queue (kept.js).

const body = document.body;
const GAP = Number(omni.preference("scan_gap") || 130); // ms between two keys of one burst: slow Bluetooth needs 100
const SILENCE = Math.max(200, 2 * GAP); // ms after which a burst without Enter counts, if its check digit is right
const SHORTEST = 6;

// --- repair: a French keyboard with a scanner that believes in QWERTY -----------------------------------------------------

// What the keys of a US keyboard write on the French (PC) and the Belgian or Mac layout.
const US = "1234567890-=!@#$%^&*()_+qwertyuiop[]QWERTYUIOP{}asdfghjkl;'ASDFGHJKL:\"zxcvbnm,./ZXCVBNM<>?";
const FRENCH = "&é\"'(-è_çà)=1234567890°+azertyuiop^$AZERTYUIOP¨£qsdfghjklmùQSDFGHJKLM%wxcvbn,;:!WXCVBN?./§";
const BELGIAN = "&é\"'(§è!çà)-1234567890°_azertyuiop^$AZERTYUIOP¨*qsdfghjklmùQSDFGHJKLM%wxcvbn,;:=WXCVBN?./+";
const reading = (layout) => (text) => [...text].map((sign) => US[layout.indexOf(sign)] ?? sign).join("");
const fromFrench = reading(FRENCH);
const fromBelgian = reading(BELGIAN);
const IMPOSSIBLE = /[éèçàù§°£¨&"'(]/; // no code of ours or of GS1's articles has these
const OURS = /^OMNI-[A-Z]:/;

const ROWS = { Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"", Comma: ",<", Period: ".>", Slash: "/?", Backquote: "`~", Space: "  " };

/** What a US keyboard writes with this physical key; "" when the device does not say which key it was. */
function physical({ code, shiftKey }) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^(Digit|Numpad)(\d)$/.exec(code);
  if (digit) return shiftKey && digit[1] === "Digit" ? ")!@#$%^&*("[digit[2]] : digit[2];
  return ROWS[code]?.[shiftKey ? 1 : 0] ?? "";
}

/** Whether the last digit is the GS1 check digit of an EAN-8, UPC-A, EAN-13 or GTIN-14. */
function isGtin(text) {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const digits = [...text].reverse().map(Number);
  const sum = digits.slice(1).reduce((total, digit, index) => total + digit * (index % 2 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10 === digits[0];
}

const bare = (text) => text.replace(/^\](?:E[04]|C1|d2|Q[13]|A0)/, "").trim();
const makesSense = (text) => isGtin(text) || OURS.test(text);

/** What was printed on the code, and on which layout it came: repaired only when the repaired code alone makes sense. */
function repair(raw, keys = "") {
  const direct = bare(raw);
  if (makesSense(direct)) return { code: direct, layout: "direct" };
  const readings = [keys, fromFrench(raw), fromBelgian(raw)].map(bare).filter(Boolean);
  const right = readings.find(makesSense);
  if (right) return { code: right, layout: "azerty" };
  const garbled = IMPOSSIBLE.test(direct) || omni.preference("scan_layout") === "azerty";
  return garbled ? { code: readings[0], layout: "azerty?" } : { code: direct, layout: "" };
}

/** The same; what was certain is remembered for this device. */
function understood(raw, keys) {
  const { code, layout } = repair(raw, keys);
  if (layout === "azerty" || layout === "direct") {
    const known = omni.preference("scan_layout");
    if (known !== layout && (known || layout === "azerty")) omni.prefer("scan_layout", layout);
  }
  return code;
}
Object.assign(omni, { repair, isGtin });

// --- feedback: within 150 ms, by sound, touch, colour and word -------------------------------------------------------------

let audio = null;
const NOTES = { heard: [[880, 0.04]], ok: [[1320, 0.09]], wrong: [[220, 0.18], [180, 0.28]], unknown: [[440, 0.12], [440, 0.12]], new: [[660, 0.1], [990, 0.16]] };
const SHAKES = { ok: 40, wrong: [300, 80, 300], unknown: [120, 60, 120] };

function sound(kind) {
  if (SHAKES[kind] && omni.preference("vibration") !== "off" && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[kind]);
  if (omni.preference("sound") === "off" || navigator.userActivation?.hasBeenActive === false) return;
  try {
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [pitch, seconds] of NOTES[kind] ?? []) {
      const tone = new OscillatorNode(audio, { frequency: pitch, type: kind === "wrong" ? "square" : "sine" });
      const volume = new GainNode(audio, { gain: 0.08 });
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds + 0.04;
    }
  } catch {
    // A tablet without sound still shows and shakes.
  }
}
document.addEventListener("omni:sound", (event) => sound(event.detail));

const strip = document.getElementById("scan-feedback");
let stripTimer;

document.addEventListener("omni:heard", ({ detail: { code } }) => {
  sound("heard");
  const template = document.getElementById("scan-heard");
  if (!strip || !template) return;
  const heard = template.content.firstElementChild.cloneNode(true);
  heard.querySelector("[data-scan-code]").textContent = code;
  strip.replaceChildren(heard);
  clearTimeout(stripTimer);
});

/** The answer stands in the strip: let it be heard. Refusals stay until the next scan. */
function settle() {
  const result = strip?.querySelector("[data-scan-result]")?.dataset.scanResult;
  if (!result) return void strip?.replaceChildren();
  sound(result);
  clearTimeout(stripTimer);
  if (result === "ok") stripTimer = setTimeout(() => strip.replaceChildren(), 4_000);
}
document.addEventListener("omni:answered", settle);

// --- the ear ------------------------------------------------------------------------------------------------------------------

let burst = "";
let keys = "";
let heard = []; // each key with its time, for the page that tests a device
let lastAt = 0;
let silence;
const isText = (element) =>
  element.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [data-scan-park])");

function take(raw, physicalKeys = "") {
  if (raw.trim().length >= SHORTEST) omni.tell("code", { raw, code: understood(raw, physicalKeys) });
}

function finish(ending) {
  const [raw, typed, pressed] = [burst, keys, heard];
  forget();
  omni.tell("burst", { raw, keys: typed, pressed, ending });
  take(raw, typed);
}

function forget() {
  clearTimeout(silence);
  burst = keys = "";
  heard = [];
}

function hear(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing || event.repeat || isText(event.target)) return;
  const together = event.timeStamp - lastAt <= GAP;
  if (event.key === "Enter" || event.key === "Tab") {
    lastAt = event.timeStamp;
    if (together && burst.length >= SHORTEST) {
      event.preventDefault(); // the scanner's Enter must not press the button that has the focus
      event.stopPropagation();
      finish(event.key);
    } else forget();
    return;
  }
  if (event.key.length !== 1 && event.key !== "Dead") return; // Shift and its like come between
  lastAt = event.timeStamp;
  if (!together) forget();
  const sign = event.key === "Dead" ? (event.shiftKey ? "¨" : "^") : event.key;
  const key = physical(event);
  burst += sign;
  keys = key && keys.length === burst.length - 1 ? keys + key : "";
  heard.push({ key: event.key, code: event.code, at: event.timeStamp });
  if (burst.length >= SHORTEST) event.preventDefault(); // a space or slash inside a code scrolls nothing
  clearTimeout(silence);
  silence = setTimeout(() => (isGtin(repair(burst, keys).code) ? finish("") : forget()), SILENCE);
}

if (body.dataset.scanUrl) {
  document.addEventListener("keydown", hear, true);
  // Scanners that write through the input method need a field that has the focus; it opens no keyboard.
  const park = document.querySelector("[data-scan-park]");
  const parkFocus = () => park && document.activeElement === body && park.focus({ preventScroll: true });
  if (park && navigator.maxTouchPoints > 0) {
    let parked;
    park.addEventListener("input", () => {
      clearTimeout(parked);
      parked = setTimeout(() => {
        take(park.value.trim());
        park.value = "";
      }, SILENCE);
    });
    document.addEventListener("focusout", () => setTimeout(parkFocus, 50));
    parkFocus();
  }
  // The code field: what is typed or scanned there goes the same way, so that the next scan finds an empty field.
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("[data-code-field]");
    if (!field) return;
    event.preventDefault();
    const raw = field.value.trim();
    if (raw) omni.tell("code", { raw, code: understood(raw) });
    field.value = "";
    field.focus();
  }, true);
}
