// The scanner: a keyboard that types fast. One listener on the document hears it wherever the focus is, except in text
// fields, where a scan types as a person would. Scans wait in a queue, each with its own UUID, and are sent one after the
// other: none is lost, none overtakes, and sending one twice has one effect.

const body = document.body;
const GAP = Number(body.dataset.scanGap || 100); // ms between two keys of one burst; slow Bluetooth devices need more
const SILENCE = 200; // ms after which a burst without Enter counts, if its check digit is right
const SHORTEST = 6;
const RETRY = 2_000;
const LAYOUT = "omni.scan-layout";
const HANDED_ON = "omni.scans";

// --- repair: an AZERTY machine with a scanner that believes in QWERTY -----------------------------------------------------

const AZERTY = {
  "&": "1", é: "2", '"': "3", "'": "4", "(": "5", "-": "6", "§": "6", è: "7", _: "8", ç: "9", à: "0", ")": "-", "°": "_",
  a: "q", A: "Q", q: "a", Q: "A", z: "w", Z: "W", w: "z", W: "Z", m: ";", M: ":", ",": "m", "?": "M", ":": ".", ";": ",", "!": "8",
};
const asQwerty = (text) => [...text].map((sign) => AZERTY[sign] ?? sign).join("");

/** Whether the last digit is the GS1 check digit of an EAN-8, UPC-A, EAN-13 or GTIN-14. */
function isGtin(text) {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const digits = [...text].reverse().map(Number);
  const sum = digits.slice(1).reduce((total, digit, index) => total + digit * (index % 2 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10 === digits[0];
}

/** What was printed on the code: without the AIM prefix, and with the layout repaired when only that makes sense. */
function repair(raw) {
  const bare = raw.replace(/^\](?:E0|E4|C1|d2|Q3|Q1)/, "").trim();
  if (isGtin(bare)) return bare;
  const mapped = asQwerty(bare);
  if (isGtin(mapped)) {
    localStorage.setItem(LAYOUT, "azerty");
    return mapped;
  }
  const impossible = /[&é"'(§èçà]/.test(bare);
  return impossible || localStorage.getItem(LAYOUT) === "azerty" ? mapped : bare;
}

// --- feedback: within 150 ms, by sound, touch, colour and word -------------------------------------------------------------

let audio = null;
const NOTES = { heard: [[880, 0.04]], ok: [[1320, 0.09]], wrong: [[220, 0.18], [180, 0.28]], unknown: [[440, 0.12], [440, 0.12]] };
const SHAKES = { ok: 40, wrong: [300, 80, 300], unknown: [120, 60, 120] };

function sound(kind) {
  navigator.vibrate?.(SHAKES[kind] ?? 0);
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

const strip = document.getElementById("scan-feedback");
let stripTimer;

function showHeard(code) {
  const template = document.getElementById("scan-heard");
  if (!strip || !template) return;
  const heard = template.content.firstElementChild.cloneNode(true);
  heard.querySelector("[data-scan-code]").textContent = code;
  strip.replaceChildren(heard);
  clearTimeout(stripTimer);
}

function settle() {
  const result = strip?.querySelector("[data-scan-result]")?.dataset.scanResult;
  if (!result) return void strip?.replaceChildren();
  sound(result);
  clearTimeout(stripTimer);
  if (result === "ok") stripTimer = setTimeout(() => strip.replaceChildren(), 4_000); // refusals stay until the next scan
}

// --- the queue --------------------------------------------------------------------------------------------------------------

const queue = [];
let sending = false;

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Put a scan at the end of the queue; what is typed into the page's own code field may come this way, too. */
function enqueue(raw, scanId = uuid()) {
  const code = repair(raw);
  queue.push({ code, raw, scanId });
  sound("heard");
  showHeard(code);
  drain();
}

async function post({ code, raw, scanId }) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  const startedAt = performance.now();
  try {
    return await fetch(body.dataset.scanUrl, {
      method: "POST",
      signal: controller.signal,
      headers: { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
      body: new URLSearchParams({ code, raw, scan_id: scanId, idempotency_key: scanId }),
    });
  } finally {
    clearTimeout(timer);
    tell("omni:network", { ok: true, milliseconds: performance.now() - startedAt });
  }
}

/** Send the first scan of the queue until the server has answered; only then the next. */
async function drain() {
  if (sending) return;
  sending = true;
  while (queue.length) {
    const scan = queue[0];
    let response = null;
    try {
      response = await post(scan);
    } catch {
      tell("omni:network", { ok: false });
    }
    if (!response || response.status >= 500 || response.status === 429) {
      tell("omni:scans-waiting", queue.length);
      await pause(RETRY); // the same UUID again: if it did arrive, the server answers what it answered
      continue;
    }
    queue.shift();
    tell("omni:scans-waiting", 0);
    const elsewhere = response.headers.get("HX-Redirect");
    if (elsewhere) return leave(elsewhere);
    await showAnswer(response);
  }
  sending = false;
}

async function showAnswer(response) {
  const html = response.status === 204 ? "" : await response.text();
  const target = body.dataset.scanTarget ? document.querySelector(body.dataset.scanTarget) : null;
  if (html) {
    // Without a place for the answer only its out-of-band parts (the feedback strip) are taken.
    const swap = { swapStyle: target ? "outerHTML" : "none", swapDelay: 0, settleDelay: 0 };
    htmx.swap(target ?? body, html, swap, { contextElement: body });
  }
  settle();
}

/** Another page was opened by a scan: what was scanned meanwhile belongs to that page. */
function leave(address) {
  if (queue.length) sessionStorage.setItem(HANDED_ON, JSON.stringify(queue));
  window.location.assign(address);
}

// --- the ear ------------------------------------------------------------------------------------------------------------------

let burst = "";
let lastAt = 0;
let silence;
const isText = (element) =>
  element.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [data-scan-park])");

function finish() {
  const raw = burst;
  burst = "";
  clearTimeout(silence);
  if (raw.length >= SHORTEST) enqueue(raw);
}

function hear(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing || isText(event.target)) return;
  const together = event.timeStamp - lastAt <= GAP;
  lastAt = event.timeStamp;
  if (event.key === "Enter" || event.key === "Tab") {
    if (together && burst.length >= SHORTEST) {
      event.preventDefault(); // the scanner's Enter must not press the button that has the focus
      event.stopPropagation();
      finish();
    }
    burst = "";
    return;
  }
  if (event.key.length !== 1) return;
  burst = together ? burst + event.key : event.key;
  if (burst.length >= SHORTEST) event.preventDefault(); // a space or slash inside a code scrolls nothing
  clearTimeout(silence);
  silence = setTimeout(() => (isGtin(repair(burst)) ? finish() : (burst = "")), Math.max(SILENCE, GAP));
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
        if (park.value.trim().length >= SHORTEST) enqueue(park.value.trim());
        park.value = "";
      }, SILENCE);
    });
    document.addEventListener("focusout", () => setTimeout(parkFocus, 50));
    parkFocus();
  }
  const handedOn = sessionStorage.getItem(HANDED_ON);
  sessionStorage.removeItem(HANDED_ON);
  if (handedOn) JSON.parse(handedOn).forEach(({ raw, scanId }) => enqueue(raw, scanId));
  settle();
} else {
  sessionStorage.removeItem(HANDED_ON);
}
