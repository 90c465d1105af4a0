"""XMP metadata: how a picture came about, who made it. Read by one question, written in one packet, and nothing else.

IPTC Photo Metadata Standard 2025.1: Digital Source Type (Iptc4xmpExt), Creator (dc), Credit Line (photoshop).
"""

from __future__ import annotations

import re
from html import escape

from packshot.values import SourceType

__all__ = ["source_type_of", "xmp_packet"]

_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# XMP spells it as text in every container, a C2PA manifest too; some programs leave the vocabulary's address out.
_STATED = re.compile(
    rb"(?:cv\.iptc\.org/newscodes/digitalsourcetype/|DigitalSourceType\s*[>=]\s*[\"']?)([A-Za-z]{3,60})"
)
_CODES = {each.value.lower(): each for each in SourceType}


def source_type_of(data: bytes) -> SourceType | None:
    """How a picture says that it came about, in its XMP or its C2PA manifest; None if it says nothing that is known.

    Where it says several things, as an edited picture does, the one that says most of what was generated.

    Args:
        data: the whole file.
    """
    found = [_CODES.get(code.decode("ascii").lower()) for code in set(_STATED.findall(data))]
    stated = [each for each in found if each is not None]
    return min(stated, key=list(SourceType).index) if stated else None


def xmp_packet(*, source_type: SourceType | None, creator: str | None, credit: str | None) -> bytes | None:
    """An XMP packet with what is given; None where nothing is.

    Args:
        source_type: how the picture came about.
        creator: who made it.
        credit: who is to be named beside it.
    """
    lines = []
    if source_type is not None:
        lines.append(f"<Iptc4xmpExt:DigitalSourceType>{_VOCABULARY}{source_type.value}</Iptc4xmpExt:DigitalSourceType>")
    if creator is not None:
        lines.append(f"<dc:creator><rdf:Seq><rdf:li>{_text(creator)}</rdf:li></rdf:Seq></dc:creator>")
    if credit is not None:
        lines.append(f"<photoshop:Credit>{_text(credit)}</photoshop:Credit>")
    if not lines:
        return None
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"{''.join(lines)}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    )
    return packet.encode()


def _text(text: str) -> str:
    # XML 1.0 knows no control characters but these three, and no lone surrogates.
    kept = "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))
    return escape(kept.encode("utf-8", "replace").decode(), quote=False)
