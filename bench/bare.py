"""Django and Django REST framework with nothing switched on but the length of an answer: the limit of a read."""

SECRET_KEY = "bench-only"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rest_framework"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # Content-Length: without it no connection is kept
ROOT_URLCONF = "bench.bare_urls"
USE_TZ = True
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
