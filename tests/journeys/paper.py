"""An official paper in the hands of somebody who has it: judged by tools that are not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def words(pdf: bytes) -> str:
    """What the paper says."""
    return _told("pdftotext", "-layout", "{}", "-", pdf=pdf)


def signature(pdf: bytes) -> None:
    """The signature covers the whole file and is valid; the file itself is sound."""
    said = _told("pdfsig", "-nocert", "{}", pdf=pdf)
    assert "Signature is Valid." in said, said
    assert "Total document signed" in said, said
    assert "No syntax or stream encoding errors" in _told("qpdf", "--check", "{}", pdf=pdf)


def _told(tool: str, *words: str, pdf: bytes) -> str:
    if shutil.which(tool) is None:
        (pytest.fail if os.environ.get("QCP_NOTHING_SKIPPED") else pytest.skip)(f"{tool} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(
            [tool, *(word.format(file) for word in words)], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr
