"""The WSGI application that `amana serve` runs: each process opens its runtime and its duties."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")


def make() -> WSGIHandler:
    """Start logging, open the runtime, begin the background duties, and give the application."""
    django.setup(set_prefix=False)
    from django.conf import settings  # noqa: PLC0415  settings are read only once asked for

    from backend.api import duties, logs, runtime  # noqa: PLC0415

    logs.start(settings.AMANA_LOG)
    duties.start(runtime.current())
    return WSGIHandler()


application = make()
