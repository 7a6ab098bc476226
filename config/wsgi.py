"""The WSGI entry for gunicorn: `gunicorn config.wsgi`."""

import gc
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
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
application = get_wsgi_application()

# What is loaded by now stays as long as the process: the collector of garbage need not look through it again, nor
# begin after every 700 objects, of which a page makes many times as many.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
