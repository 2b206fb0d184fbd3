"""The cached directory as the screens and the routing see it."""

from __future__ import annotations
