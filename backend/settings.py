"""Django's settings: no database of Django's, no sessions, no templates but the API's own page.

Everything that differs between servers comes from the environment, which `amana serve` sets:
AMANA_DATA (folder with programme.json and server.key), AMANA_DATABASE (URL; by default
amana.db in that folder), AMANA_HOSTS (comma-separated names this server answers to; by default
any), AMANA_LOG (file for the request log; by default standard error), AMANA_POOL (connections),
AMANA_KEEP_DAYS (days for which ciphertext stays once its referral is over), AMANA_WITNESSES
(addresses of witnesses to ask, with spaces between them).
"""

import os
import secrets

DEBUG = False
SECRET_KEY = secrets.token_hex(32)
ALLOWED_HOSTS = [name for name in os.environ.get("AMANA_HOSTS", "*").split(",") if name]
ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
DATABASES: dict[str, dict[str, str]] = {}
INSTALLED_APPS = ["ninja"]
MIDDLEWARE = ["backend.api.middleware.RequestLog"]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}
]
STATIC_URL = "/v1/static/"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False
LOGGING_CONFIG = None
"""Logging is `backend.api.logs`': Django's own would write addresses with referral ids."""

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
"""Longest request body in bytes: as much as `protocols.plain` reads."""

AMANA_DATA = os.environ.get("AMANA_DATA", "")
AMANA_DATABASE = os.environ.get("AMANA_DATABASE", "")
AMANA_LOG = os.environ.get("AMANA_LOG", "")
AMANA_POOL = int(os.environ.get("AMANA_POOL", "16"))
AMANA_KEEP_DAYS = int(os.environ.get("AMANA_KEEP_DAYS", "90"))
AMANA_WITNESSES = tuple(os.environ.get("AMANA_WITNESSES", "").split())
