"""Is this ZIP a Word document or an OpenDocument text, and a harmless one? Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx
from lxml import etree

from app.evidence.reader.zips import BROKEN, LOCAL, odd, swells
from app.evidence.rules import Kind, Refusal, Refused

MOST_ENTRIES = 2000
MOST_UNPACKED = 200 * 1024 * 1024
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
OPEN = "application/vnd.oasis.opendocument."
MIMETYPE = b"mimetype"
MANIFEST = "meta-inf/manifest.xml"  # old programs wrote a document type there, and no reader of ours reads it
ENCRYPTED = re.compile(rb"<[\w-]*:?encryption-data\b")
OPEN_MACROS = ("basic/", "scripts/", "dialogs/")
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
DAMAGED = {Kind.WORD: Refusal.DAMAGED_WORD, Kind.OPEN: Refusal.DAMAGED_OPEN}
UNSAFE = {Kind.WORD: Refusal.UNSAFE_WORD, Kind.OPEN: Refusal.UNSAFE_OPEN}


def check(data: bytes) -> Kind:
    """Which of the two it is; raises Refused unless it is one and holds nothing it should not."""
    kind = Kind.OPEN if data[LOCAL.size :][: len(MIMETYPE)] == MIMETYPE else Kind.WORD
    try:
        with ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_shape(data, entries, kind)
            contents = {entry.filename: _read(package, entry) for entry in entries}
    except BROKEN:
        raise Refused(DAMAGED[kind]) from None
    if kind is Kind.OPEN:
        _check_open_type(contents)
    else:
        _check_type(contents)
    _check_parts(contents, kind)
    _check_opens(data, contents, kind)
    return kind


def _check_shape(data: bytes, entries: list[ZipInfo], kind: Kind) -> None:
    if not entries:
        raise Refused(Refusal.NEITHER)
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused(Refusal.BOMB)
    if len({name.casefold() for name in names}) != len(names) or any(map(_leads_outside, names)):
        raise Refused(UNSAFE[kind])
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(Refusal.PASSWORD)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Refused(UNSAFE[kind])
    if swells(entries):
        raise Refused(Refusal.BOMB)
    if odd(io.BytesIO(data), entries):
        raise Refused(UNSAFE[kind])


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or ":" in name


def _read(package: ZipFile, entry: ZipInfo) -> bytes:
    """The bytes of an entry, never more than it says; a wrong check sum raises."""
    with package.open(entry) as part:
        found = part.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise Refused(Refusal.BOMB)
    return found


def _check_type(contents: dict[str, bytes]) -> None:
    types = _as_text(contents.get("[Content_Types].xml", b""))
    if not types:
        raise Refused(Refusal.NEITHER)
    if "macroEnabled" in types or any(_is_macro(name) for name in contents):
        raise Refused(Refusal.MACROS)
    if TEMPLATE in types:
        raise Refused(Refusal.TEMPLATE)
    if MAIN not in types:
        raise Refused(Refusal.OTHER_OFFICE if "openxmlformats" in types or "ms-" in types else Refusal.NEITHER)


def _is_macro(name: str) -> bool:
    return name.casefold().rsplit("/", 1)[-1] in ("vbaproject.bin", "vbadata.xml")


def _check_open_type(contents: dict[str, bytes]) -> None:
    kind = contents.get("mimetype", b"").decode("ascii", "replace").strip()
    if kind != f"{OPEN}text":
        template = kind.startswith(f"{OPEN}text-template")
        raise Refused(Refusal.TEMPLATE if template else Refusal.OTHER_OFFICE if OPEN in kind else Refusal.NEITHER)
    if any(ENCRYPTED.search(part) for name, part in contents.items() if name.casefold() == MANIFEST):
        raise Refused(Refusal.PASSWORD)
    if any(name.casefold().startswith(OPEN_MACROS) and part for name, part in contents.items()):
        raise Refused(Refusal.MACROS)


def _check_parts(contents: dict[str, bytes], kind: Kind) -> None:
    for name, part in contents.items():
        plain = name.casefold()
        if not plain.endswith((".xml", ".rels", ".vml", ".rdf")) or (kind is Kind.OPEN and plain == MANIFEST):
            continue
        if DOCTYPE.search(_as_text(part).encode()):
            raise Refused(UNSAFE[kind])


def _as_text(part: bytes) -> str:
    """The characters of an XML part in whichever of the two allowed alphabets it is written."""
    wide = part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:64]
    return part.decode("utf-16" if wide else "utf-8", "replace")


def _check_opens(data: bytes, contents: dict[str, bytes], kind: Kind) -> None:
    try:
        if kind is Kind.OPEN:
            root = etree.fromstring(contents["content.xml"], etree.XMLParser(resolve_entities=False, no_network=True))
            opened = root.find("{*}body/{*}text")
        else:
            opened = docx.Document(io.BytesIO(data)).element.body
    except Exception:  # a parser of strangers' files may fail in any way
        raise Refused(DAMAGED[kind]) from None
    if opened is None:
        raise Refused(DAMAGED[kind])
