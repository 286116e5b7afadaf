"""Settings are read once, whole and loudly."""

from pathlib import Path

import pytest

from app.config import BadSettings, Mode, read

FIT = {
    "QCP_MODE": "production",
    "QCP_SECRET_KEY": "k" * 40,
    "QCP_BASE_URL": "https://portal.example.org",
    "QCP_SMTP_URL": "smtp://mail.example.org:587",
    "QCP_SIGNING_P12": "/etc/qcp/signing.p12",
    "QCP_SIGNING_PASSWORD": "word",
}


def test_without_any_setting_the_portal_runs_as_a_demo(tmp_path: Path) -> None:
    settings = read({"QCP_DATA": str(tmp_path)})
    assert settings.mode is Mode.DEMO
    assert settings.database_url == f"sqlite:///{tmp_path}/qcp.sqlite"
    assert settings.base_url == "http://127.0.0.1:8000"


def test_the_made_secret_is_kept(tmp_path: Path) -> None:
    assert read({"QCP_DATA": str(tmp_path)}).secret_key == read({"QCP_DATA": str(tmp_path)}).secret_key
    assert (tmp_path / "keys" / "secret").stat().st_mode & 0o077 == 0


def test_production_takes_what_is_fit(tmp_path: Path) -> None:
    assert read(FIT | {"QCP_DATA": str(tmp_path)}).production


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("QCP_SECRET_KEY", "QCP_SECRET_KEY is missing"),
        ("QCP_SMTP_URL", "QCP_SMTP_URL is missing"),
        ("QCP_BASE_URL", "must begin with https"),
        ("QCP_SIGNING_P12", "does not sign with the demo key"),
    ],
)
def test_production_refuses_what_only_a_demo_may_do(tmp_path: Path, missing: str, words: str) -> None:
    environ = {name: value for name, value in FIT.items() if name != missing} | {"QCP_DATA": str(tmp_path)}
    with pytest.raises(BadSettings, match=words):
        read(environ)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    environ = {
        "QCP_DATA": str(tmp_path), "QCP_MODE": "live", "QCP_IDLE_MINUTES": "soon", "QCP_S3_BUCKET": "binder",
    }  # fmt: skip
    with pytest.raises(BadSettings) as found:
        read(environ)
    said = str(found.value)
    for name in ("QCP_MODE", "QCP_IDLE_MINUTES", "QCP_S3_ENDPOINT", "QCP_S3_ACCESS_KEY", "QCP_S3_SECRET_KEY"):
        assert name in said


def test_an_s3_server_over_plain_http_is_said_by_its_address(tmp_path: Path) -> None:
    s3 = {"QCP_S3_ENDPOINT": "http://127.0.0.1:8333", "QCP_S3_BUCKET": "b"}
    keys = {"QCP_S3_ACCESS_KEY": "a", "QCP_S3_SECRET_KEY": "c"}
    settings = read({"QCP_DATA": str(tmp_path)} | s3 | keys)
    assert settings.s3 is not None
    assert (settings.s3.endpoint, settings.s3.secure) == ("127.0.0.1:8333", False)


@pytest.mark.parametrize("address", ["127.0.0.1:3310", "tcp://scanner.example:3310", "/run/clamav/clamd.ctl"])
def test_the_virus_check_has_an_address(tmp_path: Path, address: str) -> None:
    assert read({"QCP_DATA": str(tmp_path), "QCP_CLAMD": address}).clamd == address.removeprefix("tcp://")


@pytest.mark.parametrize("address", ["scanner.example", "clamd.ctl", "scanner.example:high", ":3310"])
def test_an_address_of_the_virus_check_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSettings, match="QCP_CLAMD"):
        read({"QCP_DATA": str(tmp_path), "QCP_CLAMD": address})
