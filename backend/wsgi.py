"""The WSGI application that `amana serve` runs: each process opens its runtime and its duties."""

import os
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")


WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def make() -> WSGI:
    """Start logging, open the runtime, begin the background duties, and give the application."""
    django.setup(set_prefix=False)
    from django.conf import settings  # noqa: PLC0415  settings are read only once asked for

    from backend.api import asking, duties, logs, runtime  # noqa: PLC0415

    logs.start(settings.AMANA_LOG)
    duties.start(runtime.current())
    asking.start(runtime.current(), settings.AMANA_WITNESSES)
    return in_one_piece(WSGIHandler())


def in_one_piece(handler: WSGIHandler) -> WSGI:
    """Answers that are known whole go out as one block with their length; streams stay streams."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        response = handler(environ, start)
        if not isinstance(response, HttpResponse):
            return response
        body = [response.content]
        response.close()
        return body

    return application


application = make()
