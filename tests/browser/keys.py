"""Keys as a scanner or another layout sends them: from inside the page, so that a busy machine stretches no gap."""

from typing import Any

FRENCH_DIGITS = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
PRESS = """([keys, gap]) => new Promise((done) => {
  let at = 0;
  const press = () => {
    if (at === keys.length) return done();
    const target = document.activeElement ?? document.body;
    const [key, code, shiftKey] = keys[at++];
    target.dispatchEvent(new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true, cancelable: true}));
    setTimeout(press, gap);
  };
  press();
})"""


def press(page: Any, keys: list[tuple[str, str, bool]], *, gap: int = 5) -> None:
    """Send keydown events, `gap` milliseconds apart, once the page's scripts run: its words are there before them."""
    page.wait_for_load_state("load")
    page.evaluate(PRESS, [keys, gap])


def on_azerty(text: str) -> list[tuple[str, str, bool]]:
    """Return what a French machine hears when a scanner that believes in QWERTY sends `text`, with Enter at the end."""
    swapped = {"a": "q", "q": "a", "z": "w", "w": "z", "m": ","}
    keys: list[tuple[str, str, bool]] = []
    for sign in text:
        if sign.isdigit():
            keys.append((FRENCH_DIGITS[sign], f"Digit{sign}", False))
        elif sign.isalpha():
            key = swapped.get(sign.lower(), sign.lower())
            heard = ("?" if key == "," else key.upper()) if sign.isupper() else key
            keys.append((heard, f"Key{sign.upper()}", sign.isupper()))
        else:
            heard, code, shift = {"-": (")", "Minus", False), ":": ("M", "Semicolon", True)}[sign]
            keys.append((heard, code, shift))
    return [*keys, ("Enter", "Enter", False)]


def on_qwerty(text: str, *, end: str = "Enter") -> list[tuple[str, str, bool]]:
    """Return the keys of a scanner whose layout is the machine's."""
    named = {True: "Digit", False: "Key"}
    return [*((sign, named[sign.isdigit()] + sign.upper(), False) for sign in text), (end, end, False)]
