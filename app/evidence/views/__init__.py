"""Pages of the binder: filling it, reading it, searching it."""

from app.evidence.views import binder, document, files, held, pins, slots, uploads, viewer
from app.evidence.views.room import bp

__all__ = ["binder", "bp", "document", "files", "held", "pins", "slots", "uploads", "viewer"]
