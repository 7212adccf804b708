"""One settings file, read from the environment; it fails with advice."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from materiality.project.caching import cache_settings
from materiality.project.database import database
from materiality.project.filing import file_storages
from materiality.project.logs import logging_settings
from materiality.project.release import release

ROOT = Path(__file__).resolve().parents[2]
RELEASE = release(ROOT)
env = environ.Env()
# Whatever is written: a database of SQLite, files on disk, keys, the secret of development.
DATA = Path(env.str("DATA", default=str(ROOT / "data")))

DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = env.bool("PRODUCTION", default=False)
LOGGING = logging_settings(production=PRODUCTION)
ADMIN = env.bool("ADMIN", default=False)


def _secret_key() -> str:
    """Return SECRET_KEY, or in development one kept in data/ so that sessions survive a restart."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    if PRODUCTION:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Generate one with `python -c 'import secrets; "
            "print(secrets.token_urlsafe(50))'` and put it into the environment."
        )
    return _kept_secret(DATA / "secret-key")


def _kept_secret(path: Path) -> str:
    import secrets

    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


def _networks(name: str) -> list[str]:
    """Return the addresses and networks in a variable; a mistyped one would match nobody."""
    from ipaddress import ip_network

    networks: list[str] = env.list(name, default=[])
    try:
        list(map(ip_network, networks))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. List addresses, or networks like 10.0.0.0/8, with commas between."
        ) from error
    return networks


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


SECRET_KEY = _secret_key()
# A service that stamps what was fixed in advance (RFC 3161), and the roots it descends from.
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")
TIMESTAMP_CERTIFICATES = env.str("TIMESTAMP_CERTIFICATES", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
TRUSTED_PROXIES = _networks("TRUSTED_PROXIES")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # for allauth's list of sessions
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "surveys",
    "materiality",
]

MIDDLEWARE = [
    "materiality.project.metrics.Measured",
    "materiality.project.errors.ErrorsAreNotKept",
    "django.middleware.security.SecurityMiddleware",
    "surveys.views.middleware.RespondentMiddleware",
    "csp.middleware.CSPMiddleware",
    "materiality.project.health.ProbesAreAnswered",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "surveys.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "materiality.web.door.idle.IdleEnds",
    "materiality.web.factor.FactorRequired",
    "materiality.project.errors.RuleBrokenMiddleware",
]

ROOT_URLCONF = "materiality.project.urls"
WSGI_APPLICATION = "materiality.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates", ROOT / "surveys/kinds"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DATABASES = {
    "default": database(env.db("DATABASE_URL", default=f"sqlite:///{DATA / 'materiality.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts of limits: of one process in development, of all hosts in production.
CACHES = {"default": cache_settings(env.str("CACHE_URL", default="sql:" if PRODUCTION else ""))}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# `manage.py db_worker` runs beside, so no page does what takes long. The demo has none.
WORKER = env.bool("WORKER", default=PRODUCTION)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "materiality.web.door.passwords.GuessablePasswordValidator"},
]
# Five signs of a hash leave; while the service is away, the lists above still hold.
BREACHED_PASSWORDS = env.bool("BREACHED_PASSWORDS", default=PRODUCTION)
if BREACHED_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": "materiality.web.door.passwords.BreachedPasswordValidator"}
    )
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/a/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "materiality.web.round.accounts.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Few guesses from one place; from everywhere together so many that nobody shuts somebody out by
# guessing wrongly, and so few that a password of twelve characters stands.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/ip,100/15m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Owners and editors need a second factor; lock, weights, people and bulk export ask again.
FACTOR_REQUIRED = env.bool("FACTOR_REQUIRED", default=PRODUCTION)
REAUTHENTICATE = env.bool("REAUTHENTICATE", default=PRODUCTION)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey alone signs in: it is a thing one has and a finger or a PIN, and counts no guesses.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Materiality"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail because somebody else typed an address
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False  # by the door, with the second factor
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Accounts are made by owners, so nobody can shut out whose address they signed up with.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# A company's own sign-in, for people who have an account here with the same, confirmed address.
OIDC_URL = env.str("OIDC_URL", default="")
OIDC_ORIGINS = env.list("OIDC_ORIGINS", default=[origin_of(OIDC_URL)] if OIDC_URL else [])
SOCIALACCOUNT_ADAPTER = "materiality.web.round.accounts.CompanyAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "company",
            "name": env.str("OIDC_NAME", default="OpenID Connect"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": OIDC_URL},
        }
    ]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS: list[Path] = []
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a missing folder
# On the disk of one host in development; in production in the database, or in an S3-compatible
# store: the same on all hosts.
FILES = env.str("FILES", default="database" if PRODUCTION else "disk")
S3 = {
    "bucket_name": env.str("S3_BUCKET", default=""),
    "endpoint_url": env.str("S3_ENDPOINT", default=""),  # without one, AWS
    "region_name": env.str("S3_REGION", default=""),
    "access_key": env.str("S3_ACCESS_KEY", default=""),
    "secret_key": env.str("S3_SECRET_KEY", default=""),
    "location": env.str("S3_PREFIX", default=""),
    "addressing_style": env.str("S3_ADDRESSING", default=""),
}
_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    # “default”, and “passing”: answers somebody handed in, of which no byte is to stay.
    **file_storages(FILES, S3),
    "staticfiles": {
        "BACKEND": _STORAGE
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = DATA / "files"
SURVEY_KEYS = env.str("SURVEY_KEYS", default=str(DATA / "keys"))
# The same keys again, on another disk or machine: the seal destroys them there too.
SURVEY_KEY_COPIES = env.list("SURVEY_KEY_COPIES", default=[])
# Where `manage.py backup` writes, for whom it encrypts, and how long a backup is kept.
BACKUPS = env.str("BACKUPS", default="")
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="")
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *OIDC_ORIGINS],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE = env.int("SESSION_IDLE", default=30) * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
MAIL_IS_LIVE = env.bool("MAIL_IS_LIVE", default=False)
MAIL_TEST_ADDRESSES = env.list("MAIL_TEST_ADDRESSES", default=[])
# Networks of yours that webhooks may reach; elsewhere only the open internet, by HTTPS.
WEBHOOK_NETWORKS = _networks("WEBHOOK_NETWORKS")
BOUNCE_SECRET = env.str("BOUNCE_SECRET", default="")
SURVEYS_TABLE_LIMITS = env.json("SURVEYS_TABLE_LIMITS", default={})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="materiality@localhost")

# Who watches: errors go to a service that speaks Sentry's protocol, figures to who has the token.
if ERRORS_DSN := env.str("ERRORS_DSN", default=""):
    from materiality.project.errors_service import send_errors_to

    send_errors_to(ERRORS_DSN, release=RELEASE)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "materiality.api.tokens.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "materiality.api.schema.EveryStatus",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "materiality.project.errors.api_exception_handler",
    "NUM_PROXIES": 0,  # REMOTE_ADDR is the visitor's: materiality.project.wsgi sees to it
    "DEFAULT_THROTTLE_RATES": {"respond": "120/min", "team": "600/min"},
}
KNOX_TOKEN_MODEL = "materiality.ApiToken"  # noqa: S105, the name of a table
SPECTACULAR_SETTINGS = {
    "TITLE": "Materiality",
    "DESCRIPTION": "Run surveys, invite people, import and submit answers; read what followed.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [
        f"rest_framework.permissions.{'IsAuthenticated' if PRODUCTION else 'AllowAny'}"
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "LanguageEnum": ["zh-hans", "en"],
        "SurveyStateEnum": ["draft", "planned", "open", "over", "sealed"],
        "TableStateEnum": "surveys.models.AnswerTable.State",
        "KindEnum": "surveys.models.Message.Kind",  # as clients know it; topics have kinds too
        "MailStateEnum": "surveys.models.Message.State",
        "PackageStateEnum": ["none", "waiting", "making", "ready", "failed"],
        "IroKindEnum": "materiality.models.IroKind",
        "SourceKindEnum": "materiality.models.SourceKind",
        "IroCriterionEnum": "materiality.models.Criterion",
        "CriterionEnum": "surveys.models.Criterion",
        "KindsEnum": "materiality.models.News",
        "StageEnum": "materiality.models.Stage",
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
SITE_NAME = _("Materiality")
