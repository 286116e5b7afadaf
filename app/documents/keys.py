"""The key that signs for the Program, the roots it is trusted by, and a pair for demonstrations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

DEMO_MARK = "Demo only"
DEMO_PASSWORD = "demo"  # noqa: S105  the demo key is worth nothing, and says so in its subject
_DEMO_FROM = datetime(2020, 1, 1, tzinfo=UTC)  # demonstrations tell stories of the past


class BadKey(Exception):
    """The signing key cannot be used; the message says why and what to do."""


class HeldKey(Signer):
    """A signer whose RSA key is opened once: pyHanko's own opens it anew, and checks it, for every signature."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: asn1.Certificate, others: list[asn1.Certificate]) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(others)
        super().__init__(signing_cert=certificate, cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(self._key.key_size // 8)
        if digest_algorithm != "sha256":
            raise ValueError(f"{digest_algorithm} is not how the Program signs")
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True)
class Keyring:
    """The signer, held in memory, and the roots by which our own signatures are known."""

    signer: HeldKey
    certificate: asn1.Certificate
    roots: tuple[asn1.Certificate, ...]

    @property
    def name(self) -> str:
        """The common name of whoever signs."""
        return str(self.certificate.subject.native.get("common_name", "unnamed"))

    def why_not_sign(self, at: datetime) -> list[str]:
        """A certificate outside its dates signs nothing."""
        validity = self.certificate["tbs_certificate"]["validity"]
        start, end = validity["not_before"].native, validity["not_after"].native
        if at > end:
            return [f"The signing certificate ended on {end:%B} {end.day}, {end.year}; set a new one, then press again"]
        if at < start:
            return [f"The signing certificate is valid only from {start:%B} {start.day}, {start.year}"]
        return []


def is_demo(keyring: Keyring) -> bool:
    """Does this key say of itself that it is for demonstrations?"""
    return DEMO_MARK in keyring.certificate.subject.human_friendly


def load(path: Path, password: str) -> Keyring:
    """The key, its certificate and its root from a PKCS#12 file; earlier roots from `<name>.roots.pem` beside it."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode())
    except OSError as error:
        raise BadKey(f"The signing key {path.name} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BadKey(f"The signing key {path.name} cannot be opened: not PKCS#12, or another password") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 3072 or certificate is None:
        # with an elliptic curve the file would have to become PDF 2.0, which PDF/A-3 does not allow
        raise BadKey(f"{path.name} must hold an RSA key of 3072 bits or more with its certificate")
    chain = [_asn1(other) for other in others]
    roots = [other for other in chain if other.self_issued and other.ca] + _earlier_roots(path)
    if not roots:
        raise BadKey(f"{path.name} must also hold the root certificate by which its signatures are known")
    leaf = _asn1(certificate)
    return Keyring(HeldKey(key, leaf, chain), leaf, tuple(roots))


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def _earlier_roots(path: Path) -> list[asn1.Certificate]:
    beside = path.with_suffix(".roots.pem")
    if not beside.exists():
        return []
    return [asn1.Certificate.load(der) for _, _, der in pem.unarmor(beside.read_bytes(), multiple=True)]


def make_demo_key(folder: Path, *, now: datetime | None = None, days: int = 3650) -> Path:
    """A root and a signing certificate marked "Demo only", in `demo.p12`; an existing file is kept."""
    path = folder / "demo.p12"
    if path.exists():
        return path
    now = now or datetime.now(UTC)
    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=3072) for _ in range(2))
    root_name = _name("QCP demo root")
    until = now + timedelta(days=days)
    root = _certificate(root_name, root_key, root_name, root_key, until, ca=True)
    leaf = _certificate(_name("QOPI Certification Program (demo)"), key, root_name, root_key, until, ca=False)
    sealed = pkcs12.serialize_key_and_certificates(
        b"QCP demo", key, leaf, [root], BestAvailableEncryption(DEMO_PASSWORD.encode())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / "demo.p12.part"
    fresh.touch(mode=0o600)
    fresh.write_bytes(sealed)
    fresh.replace(path)  # whole or not at all
    return path


def _name(common: str) -> x509.Name:
    pairs: Iterable[tuple[x509.ObjectIdentifier, str]] = (
        (NameOID.ORGANIZATION_NAME, f"{DEMO_MARK}, not the Program"),
        (NameOID.COMMON_NAME, common),
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _certificate(
    name: x509.Name,
    key: rsa.RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: rsa.RSAPrivateKey,
    until: datetime,
    *,
    ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_DEMO_FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
