"""The demo: production's code paths, mail into a folder, invented people, and it says so on its pages."""

from omni.settings import environment
from omni.settings.base import *  # noqa: F403
from omni.settings.base import BASE_DIR, INSTALLED_APPS, VAR, postgres

DEMO = True
SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
HOUSE_NAME = "Maison Vernet"
INSTALLED_APPS = [*INSTALLED_APPS, "omni.demo"]
DATABASES = {"default": postgres(environment.text("DATABASE_URL"))}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
CARRIERS = environment.words("CARRIERS", "file")
CARRIER_NAME = environment.text("CARRIER_NAME", "Coursier Vernet")
RELAY_POINTS = environment.text("RELAY_POINTS", str(BASE_DIR / "omni" / "demo" / "data" / "relay_points.csv"))
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
