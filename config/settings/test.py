"""The test run: quick hashes, mail in memory, tasks run where they are called."""

import os
from urllib.parse import urlsplit

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, CHANNEL_LAYERS, DATABASES, STORAGES

DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"NAME": f"test_{os.environ.get('KOPRU_TEST_NAME', 'kopru')}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
KOPRU_POOL_SIZE = 0  # tests that need spares make them
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
# Each worker has a database of its own: emptying a cache empties the whole database.
_number = int(_worker.removeprefix("gw")) + 1 if _worker.startswith("gw") else 0
for _cache in CACHES.values():
    _cache["KEY_PREFIX"] = f"{_cache.get('KEY_PREFIX', '')}:{_worker}"
    _cache["LOCATION"] = urlsplit(_cache["LOCATION"])._replace(path=f"/{_number % 16}").geturl()
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"kopru-test-{_worker}"
