"""What every ZIP is held to, be it a document or a bundle of files."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import IO
from zipfile import ZipInfo

HEAD = b"PK\x03\x04"
LOCAL = struct.Struct("<4s5H3I2H")
MOST_RATIO = 100
SMALL = 1024 * 1024  # below this a high ratio is only a tidy file
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    zlib.error,
)


def swells(entries: Iterable[ZipInfo]) -> bool:
    """Does one of them unpack to far more than its size?"""
    return any(one.file_size / max(1, one.compress_size) > MOST_RATIO for one in entries if one.file_size > SMALL)


def odd(file: IO[bytes], entries: Iterable[ZipInfo]) -> bool:
    """Do entries share bytes, which is how a small file unpacks to a huge one, or has one two names, which is how two
    readers see two files?"""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            return True
        file.seek(entry.header_offset)
        head = LOCAL.unpack(file.read(LOCAL.size))
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
        if head[0] != HEAD or file.read(head[9]) != name:
            return True
        end = entry.header_offset + LOCAL.size + head[9] + head[10] + entry.compress_size
    return False
