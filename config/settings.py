"""The one settings file. Everything that differs between machines comes from the environment.

SHUANGBAI_DATA   data directory: database, keys, files (default ./var)
DATABASE_URL     postgres://… selects PostgreSQL; otherwise SQLite in the data directory
SHUANGBAI_HOSTS  comma-separated host names this server answers to (default: loopback only)
SHUANGBAI_HTTPS  1 behind a TLS proxy: secure cookies, HSTS, and X-Forwarded-Proto and -For are believed
SHUANGBAI_BIND   where the web listens: 127.0.0.1:8000 or unix:/run/… (default: PORT on 127.0.0.1)
SHUANGBAI_WEB_PROCESSES, SHUANGBAI_WEB_THREADS  default 2 and 4
SHUANGBAI_ACCESS_LOG  requests by path without query string: - for standard output, or a file (default: none)
SHUANGBAI_CIPHER aes-gcm (default) or sm4-gcm, for the key that is made on the first run
SHUANGBAI_BACKUPS     where backups go (default: backups in the data directory)
SHUANGBAI_BACKUP_PASSPHRASE_FILE  its first line encrypts the daily backup; without it none is made
SHUANGBAI_BACKUP_HOUR the hour of the daily backup (default 2)
SHUANGBAI_BACKUP_KEEP how many daily, weekly and monthly backups are kept (default 7,4,12)
SHUANGBAI_TRAIL_HEADS  where the heads of the trail's blocks are kept, best on another disk (default: trail-heads.log
                 in the data directory)
SHUANGBAI_SECRET_KEY  signs cookies (default: made on the first run, in the data directory)
PORT             where `shuangbai serve` and `demo` listen on 127.0.0.1 (default 8000)
SHUANGBAI_OIDC_… sign-in through a provider: ISSUER, CLIENT_FILE, CLAIM, SCOPE, NAME (docs/how-to/accounts.md)
SHUANGBAI_DEBUG  1 shows tracebacks; never on a machine with real families
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("SHUANGBAI_DATA") or "var").resolve()

DEBUG = os.environ.get("SHUANGBAI_DEBUG") == "1"
HTTPS = os.environ.get("SHUANGBAI_HTTPS") == "1"


def _secret_keys() -> list[str]:
    """The signing key kept in the data directory and those still believed; a passing one where none has been made.

    It is written by `shuangbai.core.keys`, not here: importing settings leaves no trace on disk.
    """
    try:
        return (DATA_DIR / "secret.key").read_text(encoding="ascii").split() or [secrets.token_urlsafe(50)]
    except OSError:
        return [secrets.token_urlsafe(50)]


_SIGNING = os.environ.get("SHUANGBAI_SECRET_KEY")
SECRET_KEY, *SECRET_KEY_FALLBACKS = [_SIGNING] if _SIGNING else _secret_keys()
CIPHER = os.environ.get("SHUANGBAI_CIPHER", "aes-gcm")
ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("SHUANGBAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [
    f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host not in {"127.0.0.1", "localhost", "[::1]"}
]

INSTALLED_APPS = [
    "shuangbai.desk",
    "shuangbai.campaigns",
    "shuangbai.filings",
    "shuangbai.planning",
    "shuangbai.safeguarding",
    "shuangbai.ledgers",
    "shuangbai.reports",
    "shuangbai.lives",
    "shuangbai.rounds",
    "shuangbai.events",
    "shuangbai.projects",
    "shuangbai.surveys",
    "shuangbai.counter",
    "shuangbai.stories",
    "shuangbai.resources",
    "shuangbai.assistance",
    "shuangbai.cases",
    "shuangbai.scales",
    "shuangbai.volunteers",
    "shuangbai.groups",
    "shuangbai.followups",
    "shuangbai.dossier",
    "shuangbai.visits",
    "shuangbai.activities",
    "shuangbai.pictures",
    "shuangbai.services",
    "shuangbai.households",
    "shuangbai.upkeep",
    "shuangbai.feedback",
    "shuangbai.accounts",
    "shuangbai.codes",
    "shuangbai.network",
    "shuangbai.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
]

MIDDLEWARE = [
    "shuangbai.core.middleware.InWords",
    "shuangbai.core.middleware.BehindProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuangbai.core.middleware.NothingKept",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shuangbai.desk.middleware.FirstRun",
    "shuangbai.accounts.middleware.Accounts",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "shuangbai.core.middleware.NotThere",
    "shuangbai.core.middleware.NotSoOften",
    "shuangbai.core.middleware.ReadOnly",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "network.User"
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "signin"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shuangbai.core.context.installation",
                "shuangbai.network.context.navigation",
            ],
            "builtins": ["shuangbai.core.statics"],
        },
    }
]

# DATABASES -----------------------------------------------------------------
# No ATOMIC_REQUESTS: with IMMEDIATE every page view would take the write lock.
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "connect_timeout": 5,
        # Values go beside the statement, and a statement asked five times is planned once (docs/adr/0031).
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "shuangbai.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Nothing is mapped: a connection maps all anew whenever another has written (docs/adr/0074).
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-8000;"
                    "PRAGMA mmap_size=0;PRAGMA wal_autocheckpoint=8000;PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# SIGN-IN -------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "shuangbai.accounts.backends.AccountBackend",
]
# Rules of passwords, locks and sessions are the city's policy: accounts/models.Policy and accounts/rules.py.
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
# A signed cookie: reading a page writes nothing to the database.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 72 * 3600  # the cookie alone; being idle and the end of a session stand signed inside it
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shuangbai.core.views.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AXES_FAILURE_LIMIT = "shuangbai.accounts.locks.failure_limit"
AXES_COOLOFF_TIME = "shuangbai.accounts.locks.cool_off"
AXES_LOCKOUT_CALLABLE = "shuangbai.accounts.locks.locked"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "password_again", "typed", "next"]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Sign-in through an OpenID Connect provider: off without an issuer (docs/how-to/accounts.md).
OIDC_ISSUER = os.environ.get("SHUANGBAI_OIDC_ISSUER", "")
OIDC_CLIENT_FILE = os.environ.get("SHUANGBAI_OIDC_CLIENT_FILE") or str(DATA_DIR / "oidc.json")
OIDC_CLAIM = os.environ.get("SHUANGBAI_OIDC_CLAIM", "sub")
OIDC_SCOPE = os.environ.get("SHUANGBAI_OIDC_SCOPE", "openid")
OIDC_NAME = os.environ.get("SHUANGBAI_OIDC_NAME", "统一登录平台")

# HEADERS -------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["shuangbai.core.uploads.LimitedUpload"]
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# MAINTENANCE ---------------------------------------------------------------
# Pages that go on while the system is only to be read: what they write is who is signed in, nothing about families.
MAINTENANCE_OPEN = {"signin", "signin-code", "signin-again", "provider", "provider-back", "signout", "textsize"}

# WORDS, FILES, JOBS --------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"  # as core.clock has it
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "files"
FORMS_ROOT = DATA_DIR / "forms"  # a city's own Word templates: docs/how-to/family-form.md

BACKUPS_DIR = Path(os.environ.get("SHUANGBAI_BACKUPS") or DATA_DIR / "backups").resolve()
BACKUP_PASSPHRASE_FILE = os.environ.get("SHUANGBAI_BACKUP_PASSPHRASE_FILE", "")
BACKUP_HOUR_SAID = os.environ.get("SHUANGBAI_BACKUP_HOUR") or "2"  # the check-up names one that is no hour
BACKUP_HOUR = int(BACKUP_HOUR_SAID) if BACKUP_HOUR_SAID.isdecimal() and int(BACKUP_HOUR_SAID) < 24 else 2
BACKUP_KEEP = os.environ.get("SHUANGBAI_BACKUP_KEEP") or "7,4,12"
TRAIL_HEADS = Path(os.environ.get("SHUANGBAI_TRAIL_HEADS") or DATA_DIR / "trail-heads.log").resolve()
PERIODIC_JOBS = "config.jobs.JOBS"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SILENCED_SYSTEM_CHECKS: list[str] = []

# Names and words of families never go to a log: requests are logged by path without query string, errors without
# their values. Django's own handlers are taken away: one would mail the whole request to administrators.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "shuangbai.core.logs.WithoutValues",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {name: {"handlers": [], "level": "WARNING", "propagate": True} for name in ("django", "django.server")},
}
