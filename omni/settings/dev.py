"""For somebody who changes Omni: a server of one's own by DATABASE_URL, reload, plain errors."""

from omni.settings import environment
from omni.settings.base import *  # noqa: F403
from omni.settings.base import INSTALLED_APPS, VAR, postgres

DEBUG = True
SECRET_KEY = environment.text("SECRET_KEY", "only-for-development")
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "omni.demo"]
DATABASES = {"default": postgres(environment.text("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/omni"))}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
