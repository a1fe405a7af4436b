// The camera as a scanner. The browser's own BarcodeDetector where there is one that reads our kinds of codes, else a reader in
// WebAssembly of our own house; neither is fetched before somebody opens the camera.

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "itf", "code_128", "code_39", "qr_code", "data_matrix"];
const EVERY = 120; // ms between two looks
const AGAIN = 2_000; // the same code counts again only when it was away for this long

const frame = document.querySelector("[data-camera]");
const video = frame.querySelector("video");
let stream = null;
let detector = null;
const seenAt = new Map();

const say = (what) => frame.querySelectorAll("[data-camera-says]").forEach((words) => (words.hidden = words.dataset.cameraSays !== what));

async function reader() {
  const own = globalThis.BarcodeDetector;
  const known = own ? await own.getSupportedFormats().catch(() => []) : [];
  if (["ean_13", "qr_code"].every((format) => known.includes(format))) {
    return new own({ formats: FORMATS.filter((format) => known.includes(format)) });
  }
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: frame.dataset.reader, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  const { BarcodeDetector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
  prepareZXingModule({ overrides: { locateFile: () => frame.dataset.wasm } });
  return new BarcodeDetector({ formats: FORMATS });
}

async function open() {
  say("opening");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    detector ??= await reader();
  } catch (problem) {
    close();
    return say(problem.name === "NotAllowedError" ? "refused" : "missing");
  }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  say("looking");
  label();
  look();
}

function close() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = video.srcObject = null;
  video.hidden = true;
  say("ready");
  label();
}

function label() {
  frame.querySelector("[data-camera-open]").hidden = Boolean(stream);
  frame.querySelector("[data-camera-close]").hidden = !stream;
}

async function look() {
  if (!stream) return;
  const codes = await detector.detect(video).catch(() => []);
  for (const { rawValue } of codes) {
    const away = performance.now() - (seenAt.get(rawValue) ?? -Infinity);
    seenAt.set(rawValue, performance.now());
    if (away > AGAIN && rawValue) omni.tell("code", { raw: rawValue, code: omni.repair(rawValue).code });
  }
  setTimeout(look, EVERY);
}

frame.querySelector("[data-camera-switch]").addEventListener("click", () => (stream ? close() : open()));
window.addEventListener("pagehide", close);
document.addEventListener("visibilitychange", () => document.hidden && stream && close());
