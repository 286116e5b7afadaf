"""The doors to the outside that pages and jobs use, built once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from app.config import Settings
from app.documents.press import Press
from app.notices.post import Post, post_from
from storage.blobs import Blobs, Folder
from storage.fulltext import WhooshIndexes
from storage.index import Indexes
from storage.s3 import S3
from storage.scanner import Clamd, Scanner


@dataclass(frozen=True)
class Doors:
    """Objects, full text, the typesetter with its key, the post, and the virus check where there is one."""

    blobs: Blobs
    indexes: Indexes
    press: Press
    post: Post
    scanner: Scanner | None = None


def doors() -> Doors:
    """The doors of the running application."""
    return cast(Doors, current_app.extensions["qcp.doors"])


def open_doors(settings: Settings) -> Doors:
    """Doors as the settings say: a folder or an S3 server, Whoosh, the signing key, SMTP or a mail folder."""
    return Doors(
        blobs=open_blobs(settings),
        indexes=WhooshIndexes(settings.data / "index"),
        press=Press.from_settings(settings),
        post=post_from(settings),
        scanner=Clamd(settings.clamd) if settings.clamd else None,
    )


def open_blobs(settings: Settings) -> Blobs:
    """Where objects are kept: an S3 server when one is set, else the folder `objects` in the data folder."""
    if settings.s3 is None:
        return Folder(settings.data / "objects")
    return S3(settings.s3.endpoint, settings.s3.bucket, settings.s3.access_key, settings.s3.secret_key,
              secure=settings.s3.secure)  # fmt: skip
