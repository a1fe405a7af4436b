"""The door of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings.prod")
application = get_wsgi_application()

# What was loaded to start and what a process remembers for long makes no garbage; by default Python would walk all of
# it again after every few hundred requests.
gc.freeze()
gc.set_threshold(20_000, 20, 50)
