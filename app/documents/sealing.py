"""Signing a finished paper, and judging the signature of a file that somebody holds."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.documents.keys import Keyring

Answer = TypeVar("Answer")

FIELD = "Program"
REASON = "Issued by the QOPI Certification Program"


@dataclass(frozen=True)
class Seal:
    """What a file's signature says: whose it is, whether it holds, and every reason why not."""

    ours: bool = False
    holds: bool = False
    why: list[str] = field(default_factory=list)
    signed_by: str | None = None
    signed_at: datetime | None = None


class _KeepMetadata(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Leave XMP and Info as they are: rewritten, the extension schemas of PDF/A would break."""


class _Signer(signers.PdfSigner):
    """A signer that takes the hour as given, so that a paper's dates never disagree with its signature."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at
        return session


def sign(pdf: bytes, keyring: Keyring, *, at: datetime) -> bytes:
    """The same file with one certifying signature over all of it, in a field without size; nothing may change after."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=REASON,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signer = _Signer(metadata, signer=keyring.signer, new_field_spec=fields.SigFieldSpec(FIELD, on_page=0, box=None))
    signer.at = at.astimezone(UTC)
    signed = io.BytesIO()
    _apart(lambda: signer.sign_pdf(_KeepMetadata(io.BytesIO(pdf)), output=signed))
    return signed.getvalue()


def examine(pdf: bytes, roots: Sequence[Certificate], subject: Certificate) -> Seal:
    """Judge a file's signature against our roots and our name. Whatever the file is, it answers and never raises."""
    try:
        return _apart(lambda: _examine(pdf, roots, subject))
    except RecursionError:
        return Seal(why=["It is built so that it cannot be read to the end"])
    except Exception:  # hostile files fail in more ways than can be listed; every one of them is a no
        return Seal(why=["It cannot be read as a signed PDF"])


def _examine(pdf: bytes, roots: Sequence[Certificate], subject: Certificate) -> Seal:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    found = reader.embedded_signatures
    if not found:
        return Seal(why=["It carries no signature"])
    if len(found) != 1:
        return Seal(why=[f"It carries {len(found)} signatures; a paper of the Program carries one"])
    claimed = found[0].self_reported_timestamp
    # Judged as of the hour of signing, which the signature covers: a paper outlives the certificate that signed it.
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=claimed)
    status = validate_pdf_signature(found[0], context)
    ours = status.trusted and status.signing_cert.subject == subject.subject
    why = _faults(found[0], status, ours=ours)
    signed_by = str(status.signing_cert.subject.native.get("common_name", "unnamed"))
    return Seal(ours=ours, holds=not why, why=why, signed_by=signed_by, signed_at=claimed)


def _faults(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, *, ours: bool) -> list[str]:
    faults = []
    if not status.intact:
        faults.append("Its content was changed after it was signed")
    elif not status.valid:
        faults.append("The signature itself does not hold")
    elif not ours:
        faults.append("Somebody else signed it, not the Program")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        faults.append("Something was added after it was signed")
    if not faults and not (status.bottom_line and embedded.docmdp_level is fields.MDPPerm.NO_CHANGES):
        faults.append("The signature is not of the kind that the Program gives")
    return faults


def _apart(work: Callable[[], Answer]) -> Answer:
    """Do it in a thread of its own: pyHanko starts an event loop, and one may be running here already."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="seal") as desk:
        return desk.submit(work).result()
