"""Settings by mode: ``KOPRU_MODE`` is ``local`` (default), ``test`` or ``production``."""

from config import env

MODE = env.text("KOPRU_MODE", "local")

if MODE == "production":
    from config.settings.production import *  # noqa: F403  (a settings module is its names)
elif MODE == "test":
    from config.settings.test import *  # noqa: F403
elif MODE == "local":
    from config.settings.local import *  # noqa: F403
else:
    raise env.ConfigurationError(f'KOPRU_MODE: "{MODE}" is not local, test or production.')
