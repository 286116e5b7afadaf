"""The press: data in, a typeset and signed PDF out, or a refusal that says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
import typst

from app.config import BadSettings, Settings
from app.documents import keys, sealing, stranger
from app.documents.keys import Keyring
from app.documents.rules import LAYOUTS, PaperKind, why_not_printable
from app.documents.sealing import Seal

TEMPLATES = Path(__file__).resolve().parents[2] / "doc_templates"
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]  # for keeping, and for readers who do not see


class PressError(Exception):
    """The paper cannot be made as ordered; the message says why."""


@dataclass(frozen=True)
class Press:
    """Typesets, signs and checks. The key is loaded once and held."""

    keyring: Keyring
    base_url: str
    templates: Path = TEMPLATES

    @classmethod
    def from_settings(cls, settings: Settings) -> Press:
        """The press with the key that the settings name; outside production a demo key is made when there is none."""
        if settings.signing_p12 == settings.demo_key and not settings.production:
            keys.make_demo_key(settings.demo_key.parent)
        try:
            keyring = keys.load(settings.signing_p12, settings.signing_password)
        except keys.BadKey as error:
            raise BadSettings(f"QCP_SIGNING_P12: {error}") from error
        if settings.production and keys.is_demo(keyring):
            raise BadSettings("QCP_SIGNING_P12 is a demo key; production signs with a key of the Program's own")
        return cls(keyring, settings.base_url)

    def address(self, code: str) -> str:
        """Where anybody may ask what a paper says today."""
        return f"{self.base_url}/verify/{code}"

    def typeset(self, kind: PaperKind, data: dict[str, Any], code: str) -> bytes:
        """An unsigned PDF/A-3a and PDF/UA-1 with its data attached; the same data gives the same bytes."""
        if strange := why_not_printable(data):
            raise PressError("; ".join(strange))
        folder, variant = LAYOUTS[kind]
        inputs = {"json": json.dumps(data | {"verify": self._verify(code)}, ensure_ascii=False)}
        try:
            pdf = typst.compile(
                self.templates / folder / "template.typ",
                root=self.templates,
                sys_inputs=inputs | ({"variant": variant} if variant else {}),
                ignore_system_fonts=True,
                timestamp=_noon(data["issued"]),
                pdf_standards=STANDARDS,
            )
        except typst.TypstError as error:
            raise PressError(f"It could not be typeset: {error.message}") from error
        return pdf

    def seal(self, pdf: bytes, *, at: datetime) -> bytes:
        """Sign as the very last step, then judge the result as a stranger would; what fails is not given out."""
        if refused := self.keyring.why_not_sign(at):
            raise PressError("; ".join(refused))
        signed = sealing.sign(pdf, self.keyring, at=at)
        judged = self.examine(signed)
        if not judged.holds:
            raise PressError(f"The signature did not pass its own check: {'; '.join(judged.why)}")
        return signed

    def make(self, kind: PaperKind, data: dict[str, Any], code: str, *, at: datetime, sign: bool = True) -> bytes:
        """Typeset and, unless it is only a proof, sign."""
        pdf = self.typeset(kind, data, code)
        return self.seal(pdf, at=at) if sign else pdf

    def examine(self, pdf: bytes) -> Seal:
        """What the signature of these bytes says, by our own roots."""
        return sealing.examine(pdf, self.keyring.roots, self.keyring.certificate)

    def judge(self, pdf: bytes) -> Seal:
        """The same for a file that came from outside: in a process of its own, with bounded time and memory."""
        return stranger.judge(pdf, self.keyring.roots, self.keyring.certificate)

    def _verify(self, code: str) -> dict[str, Any]:
        url = self.address(code)
        matrix = segno.make(url, error="m").matrix
        rows = ["".join(str(module & 1) for module in row) for row in matrix]
        return {"code": code, "url": url, "show": url.split("://", 1)[-1], "rows": rows}


def _noon(iso: str) -> int:
    """Noon UTC of the day of issue: with it two compilations give the same bytes."""
    return int(datetime.fromisoformat(f"{iso}T12:00:00").replace(tzinfo=UTC).timestamp())
