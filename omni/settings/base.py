"""What all settings share. Everything a deployment may change is read from the environment; nothing here decides."""

from datetime import timedelta
from pathlib import Path

from omni.settings import environment

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(environment.text("OMNI_VAR", str(BASE_DIR / "var")))

SECRET_KEY = environment.text("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")  # former keys: what they sealed stays readable
DEBUG = False
DEMO = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
BASE_URL = environment.text("BASE_URL", "http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "template_partials",
    "omni",
    "omni.staff",
    "customers",
    "loyalty",
    "inventory.places",
    "inventory.catalog",
    "inventory.stock",
    "inventory.transfers",
    "inventory.confidence",
    "inventory.sourcing",
    "orders.pricing",
    "orders.sales",
    "orders.payments",
    "orders.appointments",
    "orders.parcels",
    "orders.fulfilment",
    "orders.fulfilment.substitutes",
    "orders.fulfilment.waiting",
    "orders.placing",
    "insights",
    "omni.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "omni.lib.request_ids.RequestIdMiddleware",
    "omni.lib.content_policy.ContentPolicyMiddleware",
    "omni.desk.health.HealthDoorMiddleware",
    "omni.api.middleware.ApiDoorMiddleware",
    "omni.lib.form_answers.FormAnswerMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "omni.staff.middleware.StaffMiddleware",
    "omni.staff.history.DeviceInHistoryMiddleware",
    "omni.desk.zones.FrameZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "omni.staff.middleware.DenyUndeclaredMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "omni.urls"
WSGI_APPLICATION = "omni.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"

# --- the door ---------------------------------------------------------------------------------------------------------
REQUIRE_MFA = environment.flag("REQUIRE_MFA", default=False)  # desk roles need a second factor; on in production
SESSION_IDLE_SECONDS = environment.number("SESSION_IDLE_SECONDS", 30 * 60)
DEVICE_IDLE_SECONDS = environment.number("DEVICE_IDLE_SECONDS", 120)
TRUSTED_PROXIES = environment.words("TRUSTED_PROXIES")  # whose X-Forwarded-For is believed: addresses or networks
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "omni.staff.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "omni.staff.views.locked_out"
AXES_USERNAME_FORM_FIELD = "username"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "omni.staff.context.shell",
                "omni.desk.context.stores",
                "omni.desk.tabs.tabs",
            ],
            "builtins": [
                "omni.templatetags.omni",
                "omni.templatetags.drawing",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
                )
            ],
        },
    }
]

# --- the one database -------------------------------------------------------------------------------------------------
# jit: compiling a statement takes longer than any of ours runs. lock_timeout: a waiting clerk is told within two
# seconds; idle_in_transaction: a lost process frees its locks.
POSTGRES_OPTIONS = "-c jit=off -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000 -c timezone=UTC"


def postgres(url: str) -> dict[str, object]:
    """Return the database settings used everywhere: kept connections, prepared statements, bounded waits."""
    return {
        **environment.database(url),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "options": POSTGRES_OPTIONS,
            "server_side_binding": True,
            "prepare_threshold": 2,
            "connect_timeout": 5,
        },
    }


# --- languages, time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
HOUSE_TIME_ZONE = environment.text("HOUSE_TIME_ZONE", "Europe/Paris")
HOUSE_NAME = environment.text("HOUSE_NAME", "Omni")
CURRENCY = "EUR"
PHONE_REGION = "FR"

# --- static files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- limits and doors -------------------------------------------------------------------------------------------------
API_BODY_LIMIT = 256 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "omni.lib.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "omni_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "omni_csrf"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # whoever watches from inside speaks no TLS
CSRF_FAILURE_VIEW = "omni.desk.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["omni.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["omni.api.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "omni.api.parsing.JsonOnly",
    "DEFAULT_PARSER_CLASSES": ["omni.api.parsing.StrictJSONParser"],
    "EXCEPTION_HANDLER": "omni.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

# --- messages and work for later --------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "shop@example.org")

BROKER_URL = environment.text("BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_connect_timeout": 2}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "drain-outbox": {"task": "omni.tasks.drain_outbox", "schedule": 2.0, "options": {"expires": 10}},
    "send-messages": {"task": "omni.tasks.send_messages", "schedule": 15.0, "options": {"expires": 30}},
    "remind-of-appointments": {
        "task": "omni.tasks.remind_of_appointments",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "expire-pickups": {"task": "omni.tasks.expire_pickups", "schedule": 60.0, "options": {"expires": 60}},
    "end-questions": {"task": "omni.tasks.end_questions", "schedule": 10.0, "options": {"expires": 10}},
    "read-tracking": {"task": "omni.tasks.read_tracking", "schedule": 60.0, "options": {"expires": 60}},
    "tell-carriers": {"task": "omni.tasks.tell_carriers", "schedule": 30.0, "options": {"expires": 30}},
    "watch-promises": {"task": "omni.tasks.watch_promises", "schedule": 60.0, "options": {"expires": 60}},
    "remind-waiting": {"task": "omni.tasks.remind_waiting", "schedule": 300.0, "options": {"expires": 300}},
    "expire-holds": {"task": "omni.tasks.expire_holds", "schedule": 10.0, "options": {"expires": 10}},
    "post-due-points": {"task": "omni.tasks.post_due_points", "schedule": 300.0, "options": {"expires": 300}},
    "learn-sales-rates": {"task": "omni.tasks.learn_sales_rates", "schedule": 3600.0, "options": {"expires": 3600}},
    "learn-confidence": {"task": "omni.tasks.learn_confidence", "schedule": 300.0, "options": {"expires": 300}},
    "work-on-catalogue": {"task": "omni.tasks.work_on_catalogue", "schedule": 10.0, "options": {"expires": 10}},
    "sweep": {"task": "omni.tasks.sweep", "schedule": 600.0, "options": {"expires": 600}},
}
KEEP_ANSWERS_DAYS = environment.number("KEEP_ANSWERS_DAYS", 30)  # a request sent again so late would act again
KEEP_RUNS_DAYS = environment.number("KEEP_RUNS_DAYS", 90)  # what was done to many rows at once, row by row

# What one customer may have reserved at a time without having paid anything: reservations, and pieces in them.
MOST_RESERVATIONS = environment.number("MOST_RESERVATIONS", 3)
MOST_RESERVED_PIECES = environment.number("MOST_RESERVED_PIECES", 12)
# --- parcels ----------------------------------------------------------------------------------------------------------
# Who takes parcels, the preferred one first (`orders.parcels.carriers.registry`); none: they leave without our labels.
CARRIERS = environment.words("CARRIERS")
CARRIER_FOLDER = environment.text(
    "CARRIER_FOLDER", str(VAR / "carrier")
)  # the file carrier's consignments and tracking
CARRIER_NAME = environment.text("CARRIER_NAME", "Courier")  # what people call the file carrier
CARRIER_TRACKING_URL = environment.text("CARRIER_TRACKING_URL", "")  # with {number}: its page about a parcel, if any
RELAY_POINTS = environment.text("RELAY_POINTS", str(VAR / "relay-points.csv"))

# How long a process may trust keys, prices, stores and VAT rates before it asks whether they changed.
REFERENCE_SECONDS = 1.0
# How old the queue of a store may be when somebody only asks for a promise; an order that is placed counts anew.
WORKLOAD_SECONDS = environment.number("WORKLOAD_SECONDS", 5)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "omni.lib.request_ids.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"omni": {"level": "INFO"}, "axes": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
}
