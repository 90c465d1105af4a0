"""Signs pictures with a certificate and its private key."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Protocol

import c2pa
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from packshot.delivery.provenance.statement import PHOTO, Statement
from packshot.errors import OutputError, UsageError

__all__ = ["Signer"]

_CHAIN = "give the PEM file of your certificate, followed by those that signed it"
_KEY = "give the certificate's private key as an unencrypted PEM file (PKCS 8)"
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
# No pictures of the photo in the credentials: what was cut off stays off. Nothing is fetched.
_SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
}


class _Key(Protocol):
    def public_bytes(self, encoding: serialization.Encoding, format: serialization.PublicFormat) -> bytes: ...  # noqa: A002


class Signer:
    """A certificate and its key; nothing leaves the machine.

    Args:
        certificate: PEM of the certificate and of those that signed it.
        key: PEM of its private key, unencrypted.

    Raises:
        UsageError: one of them cannot be read, or they do not belong together.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        chain, private = _read(certificate, _CHAIN), _read(key, _KEY)
        try:
            first = x509.load_pem_x509_certificates(chain)[0]
        except (ValueError, IndexError) as error:
            raise UsageError(f"{certificate} holds no certificate", remedy=_CHAIN) from error
        try:
            secret = serialization.load_pem_private_key(private, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UsageError(f"{key} holds no private key that can be read", remedy=_KEY) from error
        if _public(first.public_key()) != _public(secret.public_key()):
            raise UsageError(f"{key} is not the key of {certificate}", remedy="name the two files of one certificate")
        self._info = c2pa.C2paSignerInfo(_algorithm(secret, key), chain, private, None)
        self._context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        self._name = str(certificate)
        self.key = hashlib.sha256(chain).hexdigest()

    def sign(
        self, data: bytes, *, media: str, statement: Statement, title: str, photo: bytes, photo_media: str
    ) -> bytes:
        """The picture with its credentials.

        Args:
            data: the picture.
            media: its media type.
            statement: how it came about.
            title: its name.
            photo: that it was made of; only its hash goes into the credentials.
            photo_media: the photo's media type.

        Raises:
            OutputError: it cannot be signed, such as with a certificate that has run out.
        """
        signed = io.BytesIO()
        try:
            builder = c2pa.Builder(statement.manifest(title), self._context)
            ingredient = {"title": PHOTO, "relationship": "parentOf", "label": PHOTO, "instance_id": PHOTO}
            builder.add_ingredient(ingredient, photo_media, io.BytesIO(photo))
            builder.sign(c2pa.Signer.from_info(self._info), media, io.BytesIO(data), signed)
        except c2pa.C2paError as error:
            raise OutputError(
                f"{title} cannot be signed with {self._name} ({error})",
                remedy="use a certificate that has not run out and may sign documents (email protection is usual)",
            ) from error
        return signed.getvalue()


def _read(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})", remedy=remedy) from error


def _public(key: _Key) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _algorithm(secret: object, path: Path) -> bytes:
    if isinstance(secret, ec.EllipticCurvePrivateKey) and secret.curve.name in _CURVES:
        return _CURVES[secret.curve.name].encode()
    if isinstance(secret, rsa.RSAPrivateKey):
        return b"ps256"
    if isinstance(secret, ed25519.Ed25519PrivateKey):
        return b"ed25519"
    raise UsageError(f"{path}: C2PA knows no such key", remedy="use an elliptic curve (P-256), RSA or Ed25519 key")
