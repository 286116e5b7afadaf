"""A PDF without what could act: scripts, actions, forms that send, attached files, media. Pages stay as they are.

Most files have nothing of the kind, and looking through every object of a long one takes longer than reading it. So the
names of such things are looked for first, in the plain text of the file and of its packed objects. Only where one
turns up, or where the file cannot be searched so, are its objects walked.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from app.evidence.rules import LeftOut, Refusal, Refused

NAMES = (
    b"JavaScript", b"Launch", b"SubmitForm", b"ImportData", b"ResetForm", b"GoToR", b"GoToE", b"RichMedia", b"Movie",
    b"Sound", b"Screen", b"Rendition", b"Renditions", b"3DD", b"GoTo3DView", b"RichMediaExecute", b"RichMediaContent",
    b"XFA", b"EmbeddedFile", b"EmbeddedFiles", b"Filespec", b"FileAttachment", b"Collection", b"Encrypt",
)  # fmt: skip
SHORT = (b"AA", b"EF", b"AF", b"JS")  # so short that packed bytes look like them: what follows tells
NAME = re.compile(rb"/(?:(?:%s)(?![A-Za-z0-9])|(?:%s)\s*(?:<|\(|\[|%%|\d+\s+\d+\s+R\b))"
                  % (b"|".join(NAMES), b"|".join(SHORT)))  # fmt: skip
ESCAPED = re.compile(rb"/([A-Za-z0-9#]*#[0-9A-Fa-f]{2}[A-Za-z0-9#]*)")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
OPENS = re.compile(rb"/OpenAction\s*(?:(\d+)\s+(\d+)\s+R\b|(.{0,200}))", re.DOTALL)
HARMLESS = re.compile(rb"\s*(\[|<<\s*(/Type\s*/Action\s*)?/S\s*/GoTo\b|<<[^<>]*/S\s*/GoTo\s*>>)")  # it opens at a page
PACKED = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
FIRST = re.compile(rb"/First\s+(\d+)")
STREAM = re.compile(rb"stream\r?\n")
HEAD = 2000  # bytes within which the dictionary of packed objects goes over into its stream
MOST_UNPACKED = 64 * 1024 * 1024

ACTIONS = {
    "/JavaScript": LeftOut.SCRIPTS, "/Launch": LeftOut.LINKED, "/GoToR": LeftOut.LINKED, "/GoToE": LeftOut.LINKED,
    "/SubmitForm": LeftOut.SUBMITTING, "/ImportData": LeftOut.SUBMITTING, "/ResetForm": LeftOut.SUBMITTING,
    "/Rendition": LeftOut.MEDIA, "/Movie": LeftOut.MEDIA, "/Sound": LeftOut.MEDIA, "/GoTo3DView": LeftOut.MEDIA,
    "/RichMediaExecute": LeftOut.MEDIA,
}  # fmt: skip
KEYS = {
    "/AA": LeftOut.STARTING, "/JS": LeftOut.SCRIPTS, "/JavaScript": LeftOut.SCRIPTS, "/XFA": LeftOut.PROGRAM,
    "/EmbeddedFiles": LeftOut.ATTACHED, "/EF": LeftOut.ATTACHED, "/AF": LeftOut.ATTACHED,
    "/Collection": LeftOut.ATTACHED, "/RichMediaContent": LeftOut.MEDIA, "/RichMediaSettings": LeftOut.MEDIA,
    "/Movie": LeftOut.MEDIA, "/Sound": LeftOut.MEDIA, "/3DD": LeftOut.MEDIA, "/Renditions": LeftOut.MEDIA,
}  # fmt: skip
NOTES = {
    "/RichMedia": LeftOut.MEDIA, "/Movie": LeftOut.MEDIA, "/Sound": LeftOut.MEDIA, "/Screen": LeftOut.MEDIA,
    "/3D": LeftOut.MEDIA, "/FileAttachment": LeftOut.ATTACHED,
}  # fmt: skip
WEB = ("http://", "https://", "mailto:", "tel:")


def calmed(data: bytes) -> tuple[bytes | None, set[LeftOut]]:
    """The PDF without what could act, and what that was; no PDF where there is nothing of the kind."""
    if not may_act(data):
        return None, set()
    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
        count, found = len(writer.pages), set[LeftOut]()
        for thing in list(writer._objects):
            _calm(thing, found)
        _calm_opening(writer, found)
        if not found:
            return None, found
        copy = _written(
            PdfWriter(clone_from=PdfReader(io.BytesIO(_written(writer))))
        )  # what nothing names any longer goes
        if len(PdfReader(io.BytesIO(copy)).pages) != count:
            raise Refused(Refusal.ACTIVE)
    except Refused:
        raise
    except Exception:  # a parser of strangers' files may fail in any way
        raise Refused(Refusal.ACTIVE) from None
    return copy, found


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def may_act(data: bytes) -> bool:
    """Does any name of something that acts stand in the file, or can that not be told?"""
    packed: dict[bytes, bytes] = {}
    texts = [data]
    room = MOST_UNPACKED
    for match in PACKED.finditer(data):
        text = _unpacked(data, match.start(), room, packed)
        if text is None:
            return True
        room -= len(text)
        texts.append(text)
    if any(map(_names, texts)):
        return True
    return not all(_opens_harmlessly(match, data, packed) for text in texts for match in OPENS.finditer(text))


def _names(text: bytes) -> bool:
    if NAME.search(text):
        return True
    plain = (HEX.sub(lambda one: bytes([int(one.group(1), 16)]), name) for name in ESCAPED.findall(text))
    return any(name in (*NAMES, *SHORT, b"ObjStm", b"OpenAction") for name in plain)


def _unpacked(data: bytes, at: int, room: int, packed: dict[bytes, bytes]) -> bytes | None:
    """The packed objects whose dictionary is here, also by number; nothing when they are packed as few are."""
    begins = STREAM.search(data, at, at + HEAD)
    before = data.rfind(b"obj", max(0, at - HEAD), at)
    if begins is None or before < 0:
        return None
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(data[begins.end() : data.find(b"endstream", begins.end())], room)
    except zlib.error:
        return None
    if first := FIRST.search(data, before, begins.start()):
        head = text[: int(first.group(1))].split()
        places = [int(first.group(1)) + int(one) for one in head[1::2] if one.isdigit()]
        packed.update(zip(head[::2], (text[place : place + HEAD] for place in places), strict=False))
    return text if unpacking.eof else None


def _opens_harmlessly(opening: re.Match[bytes], data: bytes, packed: dict[bytes, bytes]) -> bool:
    """Does the file, when it is opened, only go to one of its pages?"""
    number, generation, itself = opening.groups()
    if number is None:
        return HARMLESS.match(itself) is not None
    wanted = re.compile(rb"(?<!\d)%s\s+%s\s+obj\b(.{0,%d})" % (number, generation, HEAD), re.DOTALL)
    found = wanted.findall(data) + ([packed[number]] if number in packed else [])
    return bool(found) and all(map(HARMLESS.match, found))


def _calm(thing: Any, found: set[LeftOut]) -> None:
    """Take away what acts from an object and all that is written inside it."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            _calm_dictionary(one, found)
            waiting += [value for value in one.values() if not isinstance(value, IndirectObject)]
        elif isinstance(one, ArrayObject):
            waiting += [value for value in one if not isinstance(value, IndirectObject)]


def _calm_dictionary(one: DictionaryObject, found: set[LeftOut]) -> None:
    for key, what in KEYS.items():
        if key in one:
            del one[NameObject(key)]
            found.add(what)
    kind = _value(one, "/Subtype")
    if kind in NOTES:
        found.add(NOTES[kind])
        one[NameObject("/Subtype")] = NameObject("/Stamp")  # its picture stays where it is
        for key in ("/A", "/FS", "/MK"):
            one.pop(NameObject(key), None)
    if does := _acts(one):
        found.add(does)
        one.clear()


def _acts(one: DictionaryObject) -> LeftOut | None:
    """What this dictionary does, when it is an action that does something beyond its document and the web."""
    act = _value(one, "/S")
    if act == "/URI" and "/URI" in one:
        address = str(_value(one, "/URI")).strip().lower()
        if address.startswith(WEB) or ":" not in address:
            return None
        return LeftOut.SCRIPTS if address.startswith("javascript") else LeftOut.LINKED
    return ACTIONS.get(act) if isinstance(act, str) else None


def _value(one: DictionaryObject, key: str) -> Any:
    value = one.get(key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _calm_opening(writer: PdfWriter, found: set[LeftOut]) -> None:
    """A file may open at a page; anything else does not start with it."""
    root = writer._root_object
    opening = _value(root, "/OpenAction")
    if isinstance(opening, DictionaryObject) and _value(opening, "/S") != "/GoTo":
        del root[NameObject("/OpenAction")]
        found.add(LeftOut.STARTING)
