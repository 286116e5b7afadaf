"""The tables of the binder."""

from app.evidence.models.binders import (
    Binder,
    Document,
    Page,
    Version,
    document_site,
)
from app.evidence.models.intake import (
    Upload,
)
from app.evidence.models.mapping import (
    Message,
    NaClaim,
    Pin,
)

__all__ = [
    "Binder",
    "Document",
    "Message",
    "NaClaim",
    "Page",
    "Pin",
    "Upload",
    "Version",
    "document_site",
]
