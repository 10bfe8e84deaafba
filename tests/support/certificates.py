"""A certificate authority for tests, and certificates of servers and clients that it vouches for."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path


class Authority:
    """Vouches for ``unit.example.test`` and 127.0.0.1, and for one client. Its files are in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Test authority")
        self._identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        extensions = (
            (x509.BasicConstraints(ca=True, path_length=0), True), (usage, True), (self._identifier, False),
        )  # fmt: skip
        self.certificate = self._written("authority", self._name, self._key, extensions).certificate

    def server(self, host: str = "unit.example.test") -> Pair:
        names = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))])
        return self._leaf("server", ExtendedKeyUsageOID.SERVER_AUTH, names)

    def client(self) -> Pair:
        names = x509.SubjectAlternativeName([x509.DNSName("candour.example.test")])
        return self._leaf("client", ExtendedKeyUsageOID.CLIENT_AUTH, names)

    def server_tls(self, client_certificates: bool = True) -> ssl.SSLContext:
        """What a server of these tests speaks; with ``client_certificates`` only to clients the authority knows."""
        pair = self.server()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pair.certificate, pair.key)
        if client_certificates:
            tls.load_verify_locations(self.certificate)
            tls.verify_mode = ssl.CERT_REQUIRED
        return tls

    def client_tls(self) -> ssl.SSLContext:
        pair = self.client()
        tls = ssl.create_default_context(cafile=self.certificate)
        tls.load_cert_chain(pair.certificate, pair.key)
        return tls

    def _leaf(self, name: str, usage: x509.ObjectIdentifier, names: x509.SubjectAlternativeName) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        extensions = (
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (x509.ExtendedKeyUsage([usage]), False),
            (names, False),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier), False),
        )
        return self._written(name, _name(name), key, extensions)

    def _written(self, name: str, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extensions) -> Pair:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=2))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        pair = Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        pair.certificate.write_bytes(builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM))
        pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return pair


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
