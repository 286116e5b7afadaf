"""Is this ZIP a Word document, and a harmless one? Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx

from app.evidence.rules import Refusal, Refused

MOST_ENTRIES = 2000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
SMALL = 1024 * 1024  # below this a high ratio is only a tidy file
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
LOCAL = struct.Struct("<4s5H3I2H")


def check(data: bytes) -> None:
    """Raises Refused unless this is a Word document that holds nothing it should not."""
    try:
        with ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_shape(data, entries)
            contents = {entry.filename: _read(package, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, struct.error):
        raise Refused(Refusal.DAMAGED_WORD) from None
    _check_type(contents)
    _check_parts(contents)
    _check_opens(data)


def _check_shape(data: bytes, entries: list[ZipInfo]) -> None:
    if not entries:
        raise Refused(Refusal.NEITHER)
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused(Refusal.BOMB)
    if len({name.casefold() for name in names}) != len(names) or any(map(_leads_outside, names)):
        raise Refused(Refusal.UNSAFE_WORD)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(Refusal.PASSWORD)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Refused(Refusal.UNSAFE_WORD)
    if any(_ratio(entry) > MOST_RATIO for entry in entries if entry.file_size > SMALL):
        raise Refused(Refusal.BOMB)
    _check_places(data, sorted(entries, key=lambda entry: entry.header_offset))


def _check_places(data: bytes, entries: list[ZipInfo]) -> None:
    """Entries that share bytes are how a small file unpacks to a huge one; names that differ are how two readers
    see two documents."""
    end = 0
    for entry in entries:
        head = LOCAL.unpack_from(data, entry.header_offset)
        name = data[entry.header_offset + LOCAL.size :][: head[9]]
        if entry.header_offset < end or head[0] != b"PK\x03\x04" or name != _raw_name(entry):
            raise Refused(Refusal.UNSAFE_WORD)
        end = entry.header_offset + LOCAL.size + head[9] + head[10] + entry.compress_size


def _raw_name(entry: ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or ":" in name


def _ratio(entry: ZipInfo) -> float:
    return entry.file_size / max(1, entry.compress_size)


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


def _check_parts(contents: dict[str, bytes]) -> None:
    for name, part in contents.items():
        if name.casefold().endswith((".xml", ".rels", ".vml")) and DOCTYPE.search(_as_text(part).encode()):
            raise Refused(Refusal.UNSAFE_WORD)


def _as_text(part: bytes) -> str:
    """The characters of an XML part in whichever of the two allowed alphabets it is written."""
    wide = part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:64]
    return part.decode("utf-16" if wide else "utf-8", "replace")


def _check_opens(data: bytes) -> None:
    try:
        document = docx.Document(io.BytesIO(data))
        _ = document.element.body
    except Exception:  # a parser of strangers' files may fail in any way
        raise Refused(Refusal.DAMAGED_WORD) from None
