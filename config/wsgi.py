"""The WSGI entry for gunicorn: `gunicorn config.wsgi`."""

import gc
import os
import sys
from importlib import import_module

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from shuangbai.core.collecting import PAGES, loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
with loading():
    django.setup()


def check_keys() -> None:
    """Start no web without the keys: what it wrote could not be read, and nobody would notice for days.

    A database that is away is waited for; whether its key is there is then asked by the check-up.
    """
    from django.db import DatabaseError, connection

    from shuangbai.core import keys, queries

    try:
        keys.keyring()
        queries.check_keys()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr, flush=True)
        sys.exit(4)  # gunicorn's code for an application that does not load: it does not try again
    except DatabaseError:
        pass
    finally:
        connection.close()


check_keys()
with loading():
    application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)  # every view now, or whoever comes first would wait a second for them
gc.set_threshold(*PAGES)
