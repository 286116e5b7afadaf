"""Which workers live: each holds the lock of a file of its own, and the kernel lets go of it when the worker dies."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from app.kernel.ids import new_id


class Desks:
    """A folder with one file for each worker of this store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: list[IO[bytes]] = []
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sit_down(self) -> str:
        """Take a desk for as long as this process lives; its name goes onto every job that is taken."""
        for left in list(self.folder.iterdir()):
            self.occupied(left.name)
        while True:
            path = self.folder / new_id()
            file = path.open("wb")
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists():  # else somebody cleared it away between the two lines before
                self.held.append(file)
                return path.name
            file.close()

    def leave(self) -> None:
        """Give up every desk of this process, as its end does."""
        while self.held:
            self.held.pop().close()

    def occupied(self, name: str) -> bool:
        """Does the worker of this name still live? The desk of one that died is cleared."""
        path = self.folder / name
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                path.unlink()
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False
