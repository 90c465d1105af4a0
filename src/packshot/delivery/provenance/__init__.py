"""Content Credentials (C2PA): a signed statement in each picture of how it came about and who approved it.

The only import of c2pa and cryptography (extra ``provenance``). Source: C2PA Technical Specification 2.2,
https://spec.c2pa.org/specifications/specifications/2.2/
"""

from packshot.delivery.provenance.signed import SignedPictures
from packshot.delivery.provenance.signer import Signer
from packshot.delivery.provenance.statement import Statement, statement_of

__all__ = ["SignedPictures", "Signer", "Statement", "statement_of"]
