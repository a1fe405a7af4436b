"""Production's settings, an address with an empty view beside the house's own, and no letter leaves."""

from omni.settings.prod import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
