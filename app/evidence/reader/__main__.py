"""The process that opens a stranger's file: `python -m app.evidence.reader WORK FOLDER [...]`.

It is given a folder that holds `in`, writes what it makes beside it, and answers with one line of JSON. It limits
itself first; whoever started it limits its time.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import warnings
from importlib import import_module
from pathlib import Path

from app.evidence.rules import Refusal, Refused

MEMORY = 2 * 1024**3
CPU_SECONDS = 60
LARGEST_FILE = 256 * 1024**2


def limit() -> None:
    """No more memory, time or disk than a document needs; no traces of a crash on disk."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# Each piece of work is the function `work` of one module; only that module's readers are loaded.
WORK = {"check": "gate", "read-pdf": "pdf", "read-docx": "word", "recognize": "ocr", "show": "picture"}


def main(work: str, folder: str, *rest: str) -> int:
    """Do one piece of work; the answer is the last line on standard output."""
    limit()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        answer = import_module(f"app.evidence.reader.{WORK[work]}").work(Path(folder), *rest)
    except Refused as refused:
        answer = {"refused": refused.reason}
    except (MemoryError, RecursionError):
        answer = {"refused": Refusal.CANNOT_BE_READ}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
