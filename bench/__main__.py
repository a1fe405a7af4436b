"""`make bench`, or `python -m bench [servers] [name …]` with DATABASE_URL of a database of its own.

BENCH_SECONDS (5) and BENCH_ROUNDS (5) make it shorter or longer.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
for name, value in {"SECRET_KEY": "bench-only-" + "x" * 50, "ALLOWED_HOSTS": "localhost,127.0.0.1"}.items():
    os.environ.setdefault(name, value)
os.environ["SECURE_SSL_REDIRECT"] = "0"

if __name__ == "__main__":
    if not os.environ.get("DATABASE_URL"):
        sys.exit("Run `make bench`, or name an empty database of its own by DATABASE_URL.")
    import django

    django.setup()
    from bench.running import main

    sys.exit(main(sys.argv[1:]))
