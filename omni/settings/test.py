"""Tests: the same PostgreSQL, a fast password hash, mail in memory, and no broker at all."""

from omni.settings import environment
from omni.settings.base import *  # noqa: F403
from omni.settings.base import INSTALLED_APPS, postgres

SECRET_KEY = "tests-only-" + "x" * 50
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "omni.demo"]
DATABASES = {"default": postgres(environment.text("TEST_DATABASE_URL"))}
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
BROKER_URL = CELERY_BROKER_URL = "memory://"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
REFERENCE_SECONDS = 0.0
WORKLOAD_SECONDS = 0
