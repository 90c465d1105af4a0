"""The stage that lays a product on its canvas, once for each profile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from packshot.composition.compose import compose
from packshot.errors import NothingToCutOut, PackshotError
from packshot.specs import Composition
from packshot.stage import Stage
from packshot.values import Cutout, ProfileResult, Rgb

__all__ = ["CompositionStage"]


class CompositionStage(Stage):
    """Composes; see `packshot.composition.compose`.

    Args:
        compositions: name of each profile to how its picture is composed.
        backdrop: uint8 (h, w, 3), for compositions with ``background="picture"``.
    """

    name = "composition"
    revision = 1

    def __init__(self, compositions: Mapping[str, Composition], backdrop: Rgb | None = None) -> None:
        self.compositions = dict(compositions)
        self._backdrop = backdrop
        self._backdrop_sha256 = None if backdrop is None else hashlib.sha256(backdrop.tobytes()).hexdigest()

    def __call__(self, cutout: Cutout, profiles: Iterable[str] | None = None) -> dict[str, ProfileResult]:
        """The finished pictures, no rules measured yet; an error where one cannot be made as asked.

        Args:
            cutout: the product.
            profiles: names of those to compose for; all by default.

        Raises:
            NothingToCutOut: the cut-out is empty.
        """
        return {name: self._compose(cutout, self.compositions[name]) for name in profiles or self.compositions}

    def _compose(self, cutout: Cutout, composition: Composition) -> ProfileResult:
        backdrop = self._backdrop if composition.background == "picture" else None
        try:
            return ProfileResult(compose(cutout, composition, backdrop=backdrop))
        except NothingToCutOut:
            raise
        except PackshotError as error:
            return ProfileResult(error=error)

    def settings(self) -> Mapping[str, object]:
        """The compositions and the backdrop."""
        return {name: self.settings_of(name) for name in self.compositions}

    def settings_of(self, profile: str) -> Mapping[str, object]:
        """What one profile's picture depends on."""
        composition = self.compositions[profile]
        backdrop = self._backdrop_sha256 if composition.background == "picture" else None
        return {"composition": composition.model_dump(mode="json"), "backdrop": backdrop}
