"""A machine for one person: mail goes to files, demo logins are allowed."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
