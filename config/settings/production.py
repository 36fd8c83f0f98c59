"""Production: nothing has a default that could be guessed."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import PUBLIC_URL, SECRET_KEY

IS_PRODUCTION = True
if SECRET_KEY == "local-only-not-for-production" or len(SECRET_KEY) < 40:  # noqa: S105
    raise env.ConfigurationError("KOPRU_SECRET_KEY must be a random text of 40 characters or more.")
for _name in ("KOPRU_DATABASE_URL", "KOPRU_REDIS_URL", "KOPRU_PUBLIC_URL"):
    env.text(_name)
if not PUBLIC_URL.startswith("https://"):
    raise env.ConfigurationError("KOPRU_PUBLIC_URL must begin with https:// in production.")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-kopru_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-kopru_csrf"
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # companies are subdomains
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
EMAIL_HOST = env.text("KOPRU_MAIL_HOST", "localhost")
EMAIL_PORT = env.integer("KOPRU_MAIL_PORT", 25)
EMAIL_HOST_USER = env.text("KOPRU_MAIL_USER", "-").removeprefix("-")
EMAIL_HOST_PASSWORD = env.text("KOPRU_MAIL_PASSWORD", "-").removeprefix("-")
EMAIL_USE_TLS = env.truth("KOPRU_MAIL_TLS", default=True)
