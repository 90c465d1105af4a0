"""The stage that lays a product on its canvas."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from packshot.composition.compose import compose
from packshot.specs import Composition
from packshot.stage import Stage
from packshot.values import Cutout, Packshot, Rgb

__all__ = ["CompositionStage"]


class CompositionStage(Stage):
    """Composes; see `packshot.composition.compose`.

    Args:
        composition: how.
        backdrop: uint8 (h, w, 3), for a composition with ``background="picture"``.
    """

    name = "composition"
    revision = 1

    def __init__(self, composition: Composition, backdrop: Rgb | None = None) -> None:
        self.composition = composition
        self._backdrop = backdrop

    def __call__(self, cutout: Cutout) -> Packshot:
        """The finished picture.

        Raises:
            CompositionError: it cannot be made as asked.
        """
        return compose(cutout, self.composition, backdrop=self._backdrop)

    def settings(self) -> Mapping[str, object]:
        """The composition and the backdrop."""
        backdrop = None if self._backdrop is None else hashlib.sha256(self._backdrop.tobytes()).hexdigest()
        return {"composition": self.composition.model_dump(mode="json"), "backdrop": backdrop}
