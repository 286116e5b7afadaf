"""The settings, read once from the environment, whole and loudly."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

VERSION = version("qcp-portal")


class Mode(StrEnum):
    """Where the portal runs; demo and development may use keys and accounts that production refuses."""

    DEMO = "demo"
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class BadSettings(Exception):
    """Everything that is wrong with the environment, one line each."""


@dataclass(frozen=True)
class S3:
    """An S3 server and the bucket that holds the objects."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str
    secure: bool


@dataclass(frozen=True)
class Settings:
    """Every setting of the portal; the README lists them."""

    mode: Mode
    data: Path
    secret_key: str
    database_url: str
    base_url: str
    s3: S3 | None
    smtp_url: str | None
    mail_from: str
    signing_p12: Path
    signing_password: str
    idle_minutes: int
    most_mb: int
    most_pages: int
    clamd: str | None

    @property
    def production(self) -> bool:
        return self.mode is Mode.PRODUCTION

    @property
    def demo_key(self) -> Path:
        """The signing key that set-up makes for demonstrations."""
        return self.data / "keys" / "demo.p12"


def read(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; raises BadSettings with every fault at once."""
    faults: list[str] = []
    mode = _mode(environ, faults)
    data = Path(environ.get("QCP_DATA", "var")).resolve()
    settings = Settings(
        mode=mode,
        data=data,
        secret_key=environ.get("QCP_SECRET_KEY") or _kept_secret(data, mode, faults),
        database_url=environ.get("QCP_DATABASE_URL", f"sqlite:///{data / 'qcp.sqlite'}"),
        base_url=environ.get("QCP_BASE_URL", f"http://127.0.0.1:{environ.get('PORT', '8000')}").rstrip("/"),
        s3=_s3(environ, faults),
        smtp_url=environ.get("QCP_SMTP_URL"),
        mail_from=environ.get("QCP_MAIL_FROM", "portal@qcp.example"),
        signing_p12=Path(environ.get("QCP_SIGNING_P12", data / "keys" / "demo.p12")),
        signing_password=environ.get("QCP_SIGNING_PASSWORD", "demo"),
        idle_minutes=_whole(environ, "QCP_IDLE_MINUTES", 30, faults),
        most_mb=_whole(environ, "QCP_MOST_MB", 50, faults),
        most_pages=_whole(environ, "QCP_MOST_PAGES", 3000, faults),
        clamd=_clamd(environ, faults),
    )
    if settings.production:
        faults += _unfit_for_production(settings)
    if faults:
        raise BadSettings("\n".join(faults))
    return settings


def _mode(environ: Mapping[str, str], faults: list[str]) -> Mode:
    word = environ.get("QCP_MODE", Mode.DEMO)
    try:
        return Mode(word)
    except ValueError:
        faults.append(f"QCP_MODE is {word!r}; it must be one of {', '.join(Mode)}")
        return Mode.DEMO


def _whole(environ: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = environ.get(name, str(default))
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    faults.append(f"{name} is {text!r}; it must be a whole number above 0")
    return default


def _s3(environ: Mapping[str, str], faults: list[str]) -> S3 | None:
    names = ("QCP_S3_ENDPOINT", "QCP_S3_BUCKET", "QCP_S3_ACCESS_KEY", "QCP_S3_SECRET_KEY")
    given = {name: environ[name] for name in names if environ.get(name)}
    if not given:
        return None
    faults += [f"{name} is missing; all four S3 settings belong together" for name in names if name not in given]
    endpoint, bucket, access, secret = (given.get(name, "") for name in names)
    plain = endpoint.startswith("http://")
    return S3(endpoint.split("://")[-1], bucket, access, secret, secure=not plain)


def _clamd(environ: Mapping[str, str], faults: list[str]) -> str | None:
    address = environ.get("QCP_CLAMD", "").removeprefix("tcp://")
    host, _, port = address.rpartition(":")
    if address and not address.startswith("/") and not (host and port.isascii() and port.isdigit()):
        faults.append(f"QCP_CLAMD is {address!r}; it must be host:port, or the path of a socket that begins with /")
    return address or None


def _kept_secret(data: Path, mode: Mode, faults: list[str]) -> str:
    """Outside production the secret is made once and kept beside the data."""
    if mode is Mode.PRODUCTION:
        faults.append("QCP_SECRET_KEY is missing; production needs one of its own")
        return ""
    path = data / "keys" / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


def _unfit_for_production(settings: Settings) -> list[str]:
    faults = []
    if settings.signing_p12 == settings.demo_key:
        faults.append("QCP_SIGNING_P12 is missing; production does not sign with the demo key")
    if not settings.base_url.startswith("https://"):
        faults.append("QCP_BASE_URL must begin with https:// in production")
    if settings.smtp_url is None:
        faults.append("QCP_SMTP_URL is missing; without it nobody hears from the portal")
    if 0 < len(settings.secret_key) < 32:
        faults.append("QCP_SECRET_KEY is shorter than 32 characters")
    return faults
