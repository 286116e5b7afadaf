"""PDF files made by hand, one object after the other as an old program would write them: nothing packed or sorted."""

from __future__ import annotations

import random


def pdf(pages: list[str], *, weight: int = 0, catalog: str = "", page: str = "", more: tuple[str, ...] = ()) -> bytes:
    """A file with a page for each text (a line for each of its lines), each page with a picture of so many bytes that
    cannot be pressed smaller. `catalog` and `page` are put into those objects; `more` are objects from number 4 on."""
    noise = random.Random(7)  # pictures of nothing, the same every time
    first = 4 + len(more)
    kids = " ".join(f"{first + 3 * at} 0 R" for at in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(one.encode() for one in more),
    ]
    for at, text in enumerate(pages):
        number = first + 3 * at
        side = max(1, int((weight / 3) ** 0.5))
        drawn = noise.randbytes(side * side * 3)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R {page} /Resources "
            f"<< /Font << /F 3 0 R >> /XObject << /P {number + 2} 0 R >> >> >>".encode(),
            _stream("", _written(text).encode()),
            _stream(f"/Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceRGB "
                    "/BitsPerComponent 8", drawn),
        ]  # fmt: skip
    return _file(objects)


def _written(text: str) -> str:
    lines = "".join(f"({line}) Tj 0 -24 Td " for line in text.split("\n"))
    return f"q 60 0 0 60 72 80 cm /P Do Q BT /F 14 Tf 72 700 Td {lines} ET"


def _stream(head: str, data: bytes) -> bytes:
    return f"<< {head} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
