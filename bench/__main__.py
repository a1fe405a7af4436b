"""`make bench`, or `python -m bench [servers] [name …]` with DATABASE_URL of a database of its own.

`python -m bench stock` is `make bench-stock`, `python -m bench confidence` is `make bench-confidence`; `python -m bench
sized 1000 500 scarce` fills a house that has stock only. BENCH_SECONDS (2) and BENCH_ROUNDS (15) make it shorter or
longer.
"""

import importlib
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
for name, value in {"SECRET_KEY": "bench-only-" + "x" * 50, "ALLOWED_HOSTS": "localhost,127.0.0.1"}.items():
    os.environ.setdefault(name, value)
os.environ["SECURE_SSL_REDIRECT"] = "0"

BENCHES = {"confidence": "bench.confidence", "stock": "bench.growth", "sized": "bench.sized"}

if __name__ == "__main__":
    if not os.environ.get("DATABASE_URL"):
        sys.exit("Run `make bench`, or name an empty database of its own by DATABASE_URL.")
    if sys.argv[1:] == ["replay"]:
        os.execv(sys.executable, [sys.executable, "-m", "bench.replay"])  # noqa: S606  (it has settings of its own)
    import django

    django.setup()
    named = sys.argv[1] if sys.argv[1:] and sys.argv[1] in BENCHES else ""
    module = importlib.import_module(BENCHES.get(named, "bench.running"))
    sys.exit(module.main(sys.argv[2:] if named else sys.argv[1:]))
