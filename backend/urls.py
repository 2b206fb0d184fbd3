"""Addresses: the API under /v1, with the files of its own documentation page."""

from pathlib import Path

import ninja
from django.urls import path, re_path
from django.views.static import serve

from backend.api.application import api

urlpatterns = [
    re_path(
        r"^v1/static/(?P<path>.*)$",
        serve,
        {"document_root": Path(ninja.__file__).parent / "static"},
    ),
    path("v1/", api.urls),
]
handler400 = "backend.api.application.bad_request"
handler404 = "backend.api.application.no_such_address"
handler500 = "backend.api.application.server_error"
