"""Every setting of the product; each default runs on a laptop, production sets the environment."""

import os
import zoneinfo
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from collections_crm import logs

# The gate's zones come from the pinned `tzdata` package, never from the machine's own files,
# which may be years older. The variable is for the processes we start.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=())

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(env("ENV_FILE", default=str(BASE_DIR / ".env")), overwrite=False)

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
PUBLIC_URL = env("PUBLIC_URL", default="http://127.0.0.1:8000")  # how the outside world reaches us
IS_HTTPS = PUBLIC_URL.startswith("https://")  # then everything is marked for https; the loopback is not
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(PUBLIC_URL).hostname])
ALLOWED_HOSTS += ["127.0.0.1", "localhost"]  # for health checks
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL] if IS_HTTPS else [])

# `make demo` keeps a generated key in var/, so that every command on that office shares it.
# The last resort serves the loopback only: collections_crm.checks refuses it anywhere else.
LAPTOP_SECRET_KEY = "laptop-only-not-a-secret-" + "0" * 40
_kept_key = VAR_DIR / "secret_key"
SECRET_KEY = env("SECRET_KEY", default=_kept_key.read_text() if _kept_key.exists() else LAPTOP_SECRET_KEY)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:  # a browser takes such a name from this very host over https only, from no sister of it
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # pages carry the token; no script reads a cookie
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=12 * 3600)  # seconds: one working day
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False  # not ours to promise for a whole domain
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for just that
SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked from inside, where there is no https
if env.bool("BEHIND_PROXY", default=False):  # only where a proxy of ours sets and clears the header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "collections_crm.apps.CollectionsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_q",
    "collections_crm",
    "debtors",
    "contacts",
    "dunning",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "collections_crm.privacy.NeverStoredMiddleware",
    "collections_crm.language.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "collections_crm.sent_forms.SentFormMiddleware",
    "collections_crm.outage.OutageMiddleware",
]

ROOT_URLCONF = "collections_crm.urls"
WSGI_APPLICATION = "collections_crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
}

# Database: SQLite for one small office, PostgreSQL in production.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Whether PostgreSQL keeps what is asked all day prepared, for as long as a connection lives.
PREPARED_READS = env.bool("PREPARED_READS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "debtors.User"
AUTHENTICATION_BACKENDS = ["debtors.queries.rights.OneQueryBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Portuguese (Brazil)")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "collections_crm.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="America/Sao_Paulo")  # the office's own zone, for screens only

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise complains of a missing folder even when it needs none
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed, compressed names need `collectstatic` first, which the image does at build time; without
# it the files are served as they lie, so that a laptop never shows yesterday's style sheet.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=False)
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
_static_storage = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_MANIFEST
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}
MEDIA_ROOT = VAR_DIR / "media"  # files handed in by users; never served as they are

# How messages leave the house: `sandbox` keeps them, the others send (see contacts/channels).
CHANNELS = {
    "sms": env("SMS_CHANNEL", default="sandbox"),  # sandbox | twilio
    "email": env("EMAIL_CHANNEL", default="sandbox"),  # sandbox | mail
    "whatsapp": env("WHATSAPP_CHANNEL", default="sandbox"),  # sandbox | twilio
    "voice": env("VOICE_CHANNEL", default="manual"),  # manual: an agent dials by hand | twilio | sandbox
    "letter": env("LETTER_CHANNEL", default="sandbox"),  # sandbox | print
}
SANDBOX_FILE = VAR_DIR / "sandbox.jsonl"
# Where letters lie as PDF until somebody posts them: shared by all processes and machines.
LETTERS_DIR = Path(env("LETTERS_DIR", default="") or VAR_DIR / "letters")
# Prints of posted letters are removed after so many days (0: never); their words and hash are kept.
LETTERS_KEPT_DAYS = env.int("LETTERS_KEPT_DAYS", default=90)
# Where recordings of calls are kept: shared by all processes and machines.
RECORDINGS_DIR = Path(env("RECORDINGS_DIR", default="") or VAR_DIR / "recordings")
# Recordings are removed, here and at the provider, after so many days (0: never). Five years: claims of
# consumers (Law 8.078/1990, art. 27) and of creditors (Civil Code, art. 206, paragraph 5) end by then.
RECORDINGS_KEPT_DAYS = env.int("RECORDINGS_KEPT_DAYS", default=5 * 366)
PDF_SECONDS = env.float("PDF_SECONDS", default=20.0)  # the longest that printing one order may take
TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="")
TWILIO_AUTH_TOKEN_SECONDARY = env("TWILIO_AUTH_TOKEN_SECONDARY", default="")  # while a token is rotated
TWILIO_API_BASE_URL = env("TWILIO_API_BASE_URL", default="")  # empty: Twilio itself
TWILIO_SMS_FROM = env("TWILIO_SMS_FROM", default="")
TWILIO_WHATSAPP_FROM = env("TWILIO_WHATSAPP_FROM", default="")
TWILIO_VOICE_FROM = env("TWILIO_VOICE_FROM", default="")
TWILIO_CALLS_PER_SECOND = env.float("TWILIO_CALLS_PER_SECOND", default=1.0)  # what the account allows
CALL_RECORDING = env("CALL_RECORDING", default="law")  # law: where it asks for it | always | never
TWILIO_TIMEOUT = env.float("TWILIO_TIMEOUT", default=10.0)  # seconds for one request, connecting included

# How long to wait before it is believed that a provider does not have a message of unclear fate: it
# must be far longer than a provider's list may lag behind what it accepted.
SETTLE_SECONDS = env.float("SETTLE_SECONDS", default=600.0)  # before the first look
SECOND_LOOK_SECONDS = env.float("SECOND_LOOK_SECONDS", default=600.0)  # between the first and the second
# How often a message that a provider took is looked for in its list, to know by how much that lags
# behind: twice that is waited at least. 0: never.
LIST_WATCH_SECONDS = env.float("LIST_WATCH_SECONDS", default=60.0)
PARK_AFTER_SECONDS = env.float("PARK_AFTER_SECONDS", default=24 * 3600.0)  # then a person decides
CLAIM_LEASE_SECONDS = env.float("CLAIM_LEASE_SECONDS", default=60.0)
# What left is also written down here, beside the database: shared by all processes and machines that
# send, kept when the database is restored, and never restored itself.
JOURNAL_DIR = Path(env("JOURNAL_DIR", default=str(VAR_DIR / "journal")))

# How many messages a minute a sender of ours may send, until a manager sets another rate; 0: no limit.
# A Brazilian long number carries one SMS a second; what is sent faster waits in the provider's queue.
RATES_PER_MINUTE = {
    ("sms", "twilio"): env.int("SMS_PER_MINUTE", default=60),
    ("whatsapp", "twilio"): env.int("WHATSAPP_PER_MINUTE", default=60),
    ("email", "mail"): env.int("EMAIL_PER_MINUTE", default=60),
}

EMAIL_HOST_NAME = env("EMAIL_HOST", default="")
_smtp = {
    "host": EMAIL_HOST_NAME,
    "port": env.int("EMAIL_PORT", default=587),
    "username": env("EMAIL_USER", default=""),
    "password": env("EMAIL_PASSWORD", default=""),
    "use_tls": env("EMAIL_SECURITY", default="starttls") == "starttls",  # starttls | ssl | none
    "use_ssl": env("EMAIL_SECURITY", default="starttls") == "ssl",
    "timeout": env.int("EMAIL_TIMEOUT", default=20),  # seconds
}
MAILERS = {
    "default": {"BACKEND": "contacts.channels.mail.WatchedBackend", "OPTIONS": _smtp}
    if EMAIL_HOST_NAME
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"},
}
# Alarms go by e-mail, once each, to managers who have an address, and to these; False: to nobody.
ALARMS_BY_EMAIL = env.bool("ALARMS_BY_EMAIL", default=True)
ALARMS_ALSO_TO = env.list("ALARMS_ALSO_TO", default=[])
# The log of our own relay (Postfix), where workers may read it: it tells what became of a mail whose
# answer got lost. Without it a person is asked.
MAIL_LOG = env("MAIL_LOG", default="")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="atendimento@example.com")  # neutral
# Where mail servers send back what they cannot deliver (empty: to the address above), and the
# folder, a Maildir, into which our own mail server puts it. Empty: nobody reads it by itself.
EMAIL_BOUNCES_TO = env("EMAIL_BOUNCES_TO", default="")
EMAIL_BOUNCES_MAILDIR = env("EMAIL_BOUNCES_MAILDIR", default="")

# The bank's webhook of Pix: what it must tell (header X-Webhook-Secret, or ?hmac=); empty: closed. Where
# the proxy checks the bank's certificate, the header it sets, as NAME=VALUE; where the bank signs, the key.
PIX_WEBHOOK_SECRET = env("PIX_WEBHOOK_SECRET", default="")
PIX_WEBHOOK_CLIENT_HEADER = env("PIX_WEBHOOK_CLIENT_HEADER", default="")
PIX_WEBHOOK_SIGNING_KEY = env("PIX_WEBHOOK_SIGNING_KEY", default="")

# Banks that keep Pix with due dates (the Banco Central's API): names, and for each name its own settings,
# as in PIX_BANKS=itau and PIX_ITAU_BASE_URL. The files are our certificate and key (mutual TLS).
PIX_BANKS = {
    name: {
        key: env(f"PIX_{name.upper()}_{key.upper()}", default="")
        for key in (
            "base_url",
            "token_url",
            "client_id",
            "client_secret",
            "certificate_file",
            "key_file",
            "ca_file",
        )
    }
    for name in env.list("PIX_BANKS", default=[])
}

# What runs by itself: see collections_crm/engines and collections_crm/schedule.py.
TASK_ENGINE = env("TASK_ENGINE", default="django_q")  # django_q | celery | immediate (tests)
TASK_BACKENDS = {
    "django_q": "collections_crm.engines.django_q.DjangoQBackend",
    "celery": "collections_crm.engines.celery.CeleryBackend",
    "immediate": "collections_crm.engines.testing.RaisingBackend",
}
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASK_ENGINE]}}
TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=300)  # seconds; a longer task is ended
TASK_REDELIVERY = TASK_TIME_LIMIT + 60  # seconds; above the limit, or a slow task would run twice
TASK_WORKERS = env.int("TASK_WORKERS", default=2)
WORKER_SILENCE_LIMIT = env.int("WORKER_SILENCE_LIMIT", default=180)  # seconds; the schedule rings every 60

Q_CLUSTER = {
    "name": "collections_crm",
    "orm": "default",
    "workers": TASK_WORKERS,
    "queue_limit": TASK_WORKERS,
    "bulk": 1,
    "timeout": TASK_TIME_LIMIT,
    "retry": TASK_REDELIVERY,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": -1,
    "poll": 0.5,
}

# Who may read the figures at /metrics: whoever shows the token, or comes from one of these networks.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_ADDRESSES = [ip_network(each) for each in env.list("METRICS_ADDRESSES", default=[])]

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")

LOGGING = logs.configure(
    is_json=env("LOG_FORMAT", default="console" if DEBUG else "json") == "json",
    level=env("LOG_LEVEL", default="INFO"),
)
