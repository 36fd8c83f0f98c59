"""Pages, API and exchange under WSGI."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# What was loaded stays: the collector need not walk over it again and again while pages are made,
# nor stop a page each time seven hundred small things have come into being.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
