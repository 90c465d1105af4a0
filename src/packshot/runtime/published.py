"""Networks that their publishers offer for download, by the one file each that packshot takes.

The files are rembg's exports (github.com/danielgatis/rembg, release v0.0.0). Sizes and hashes of the two U2-Nets were
measured on the files; those of the other two are pinned alike by many public projects, together with the MD5 that rembg
itself publishes. A file that differs by one bit is not taken. docs/models/other-networks.md has the sources.
"""

from __future__ import annotations

from dataclasses import dataclass

from packshot.runtime.card import ModelCard
from packshot.runtime.known import KNOWN_EXPORTS

__all__ = ["PUBLISHED", "PublishedModel"]

_REMBG = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """A network's file as its publisher offers it.

    Attributes:
        name: to ask for it, and its file's stem in the store.
        url: of the file.
        size: in bytes.
        sha256: of the file.
    """

    name: str
    url: str
    size: int
    sha256: str

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "sha256": self.sha256,
            "bytes": self.size,
            "licence": self.card.licence,
            "commercial_use": self.card.commercial_use,
        }

    @property
    def card(self) -> ModelCard:
        """The template for this export, bound to this very file."""
        return KNOWN_EXPORTS[self.name].model_copy(update={"sha256": self.sha256})


#: By name.
PUBLISHED: dict[str, PublishedModel] = {
    model.name: model
    for model in (
        PublishedModel(
            name="u2net",
            url=f"{_REMBG}/u2net.onnx",
            size=175_997_641,
            sha256="8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
        ),
        PublishedModel(
            name="u2netp",
            url=f"{_REMBG}/u2netp.onnx",
            size=4_574_861,
            sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        ),
        PublishedModel(
            name="isnet-general-use",
            url=f"{_REMBG}/isnet-general-use.onnx",
            size=178_648_008,
            sha256="60920e99c45464f2ba57bee2ad08c919a52bbf852739e96947fbb4358c0d964a",
        ),
        PublishedModel(
            name="birefnet-general-lite",
            url=f"{_REMBG}/BiRefNet-general-bb_swin_v1_tiny-epoch_232.onnx",
            size=224_005_088,
            sha256="5600024376f572a557870a5eb0afb1e5961636bef4e1e22132025467d0f03333",
        ),
    )
}
