"""Settings common to all modes; the modes only take away or tighten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = env.BASE_DIR
DATA_DIR = Path(env.text("KOPRU_DATA_DIR", str(BASE_DIR / ".kopru")))
SECRET_KEY = env.text("KOPRU_SECRET_KEY", "local-only-not-for-production")
DEBUG = False

PUBLIC_URL = env.text("KOPRU_PUBLIC_URL", "http://localhost:8000").rstrip("/")
LIVE_PORT = env.integer("KOPRU_LIVE_PORT", 0)  # 0: sockets are on the page's own address
_public = urlsplit(PUBLIC_URL)
BASE_DOMAIN = _public.hostname or "localhost"
TRUSTED_PROXIES = env.networks("KOPRU_TRUSTED_PROXIES")  # whose X-Forwarded-For is believed
METRICS_TOKEN = env.text("KOPRU_METRICS_TOKEN", "")  # lets other machines read /metrics
# An office serves one company to its local network, under whatever address it is called there.
MAIL_MAY_STAY_INSIDE = env.truth("KOPRU_MAIL_MAY_STAY_INSIDE", default=False)
REGISTER_ADDRESSES = {  # of companies; nothing a person types becomes part of a host name
    "dadata": "https://suggestions.dadata.ru",
    "vies": "https://ec.europa.eu",
}
WEBHOOKS_MAY_STAY_INSIDE = env.truth("KOPRU_WEBHOOKS_MAY_STAY_INSIDE", default=False)
API_REQUESTS_PER_MINUTE = env.integer("KOPRU_API_REQUESTS_PER_MINUTE", 600)  # of one key
IS_OFFICE = env.text("KOPRU_ROLE", "centre") == "branch"
ALLOWED_HOSTS = ["*"] if IS_OFFICE else [BASE_DOMAIN, f".{BASE_DOMAIN}", "127.0.0.1"]

# Apps -----------------------------------------------------------------------------------------
# Ours first: its migrate commands take the place of those of django-tenants.
SHARED_APPS = ["tenants", "django_tenants"]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "apps.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "tenants.audit",
    "replication",
    "exchange",
    "apps.core",
    "apps.connections",
    "apps.history",
    "apps.offices",
    "apps.registers",
    "apps.retention",
    "apps.counterparties",
    "apps.catalog",
    "apps.inventory",
    "apps.finance",
    "apps.sales",
    "apps.custom",
    "apps.imports",
    "apps.duplicates",
    "apps.service",
    "apps.webforms",
    "apps.deals",
    "apps.activities",
    "apps.mail",
    "apps.notifications",
    "apps.reports",
    "apps.portal",
    "apps.webhooks",
    "apps.api",
    "apps.onboarding",
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *TENANT_APPS,
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "channels",
]
TENANT_MODEL = "tenants.Company"
TENANT_DOMAIN_MODEL = "tenants.Domain"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
ROOT_URLCONF = "config.urls_company"
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mails are unique whatever their case: a constraint
    "templates.W003",  # the library «i18n» of templates is Django's with a tag replaced
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "tenants.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.SecurityHeadersMiddleware",
    "tenants.middleware.CompanyMiddleware",
    "apps.core.middleware.ContentPolicyMiddleware",
    "apps.core.middleware.FragmentMiddleware",
    "apps.core.middleware.PlainTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.middleware.KeptPagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.ActorMiddleware",
    "apps.core.middleware.AtOfficeMiddleware",
    "apps.core.live.PositionMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "apps.core.context_processors.shell",
            ],
            # The tags {% url %} and {% translate %} of Django, which remember what they found.
            "builtins": ["apps.core.templatetags.addresses"],
            "libraries": {"i18n": "apps.core.templatetags.kept_i18n"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

# Data -----------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        "ENGINE": "tenants.backend",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **env.database("KOPRU_DATABASE_URL", "postgresql://kopru@127.0.0.1:5432/kopru"),
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = True
# Companies' schemas kept ready. Nobody signs up at an office: its own is made when it joins.
KOPRU_POOL_SIZE = env.integer("KOPRU_POOL_SIZE", 0 if IS_OFFICE else 3)
REDIS_URL = env.text("KOPRU_REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "tenants.cache.company_key",
    },
    # What belongs to no company: sign-up throttling, names being typed. Never company data.
    "public": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "public",
    },
}
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "kopru"},
    }
}
SESSION_ENGINE = "apps.accounts.sessions"
SESSION_COOKIE_NAME = "kopru_session"
CSRF_COOKIE_NAME = "kopru_csrf"
LANGUAGE_COOKIE_NAME = "kopru_language"
CSRF_FAILURE_VIEW = "apps.core.views_errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no others; each is pressed once, not twice
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "tenants.storage.CompanyStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Bytes that one login of 1C may upload; more ends in a refusal and a line in the security log.
KOPRU_EXCHANGE_UPLOAD_LIMIT = env.integer("KOPRU_EXCHANGE_UPLOAD_LIMIT", 4 * 1024**3)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("tr", _("Turkish"))]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Sign-in ----------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Keys of confirmation mails stand in the company's own table: a signed number of one company would
# be as good in another one.
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Wrong passwords: ten for one login from one address, then a quarter of an hour of rest.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "apps.accounts.throttling.login_of"
AXES_LOCKOUT_CALLABLE = "apps.accounts.throttling.locked_out"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_CLIENT_IP_CALLABLE = "apps.accounts.throttling.address_of"
AXES_VERBOSE = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}  # many logins from one address; the rest is axes'
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "apps.accounts.adapter.MfaAdapter"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("KOPRU_MAIL_FROM", "Köprü <no-reply@localhost>")

# Jobs -------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_ROUTES = {
    "exchange.tasks.run_exchanges": {"queue": "exchange"},
    "exchange.tasks.look_after": {"queue": "exchange"},
    "exchange.tasks.sweep": {"queue": "bulk"},
    "exchange.tasks.sweep_all": {"queue": "bulk"},
    "replication.tasks.*": {"queue": "bulk"},
    "tenants.tasks.*": {"queue": "bulk"},
    "tenants.dispatch.*": {"queue": "bulk"},
    "tenants.ways.*": {"queue": "mail"},
    "apps.accounts.tasks.*": {"queue": "mail"},
    "apps.accounts.care.*": {"queue": "bulk"},
    "apps.core.tasks.*": {"queue": "bulk"},
    "apps.imports.tasks.*": {"queue": "bulk"},
    "apps.duplicates.tasks.*": {"queue": "bulk"},
    "apps.counterparties.tasks.*": {"queue": "bulk"},
    "apps.retention.tasks.*": {"queue": "bulk"},
}
CELERY_TASK_TIME_LIMIT = 3600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200}
CELERY_TASK_IGNORE_RESULT = True

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
IS_PRODUCTION = False
