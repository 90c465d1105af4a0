"""The stage that lays a product on its canvas, once for each profile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from packshot.composition.compose import compose
from packshot.composition.placement import Placement, lit
from packshot.composition.prepared import PreparedCutout
from packshot.errors import PackshotError
from packshot.specs import Composition
from packshot.stage import Stage, in_threads
from packshot.storage.hashing import sha256_of_file
from packshot.values import Cutout, Photo, ProfileResult

__all__ = ["CompositionStage"]


class CompositionStage(Stage):
    """Composes; see `packshot.composition.compose`.

    Args:
        compositions: name of each profile to how its picture is composed.
        backdrop: for compositions with ``background="picture"``.
        threads: pictures made at once.
    """

    name = "composition"
    revision = 3

    def __init__(
        self, compositions: Mapping[str, Composition], backdrop: Photo | None = None, *, threads: int = 1
    ) -> None:
        self.compositions = dict(compositions)
        self._each = in_threads(threads)
        self._backdrop = backdrop
        self._backdrop_sha256 = None if backdrop is None else hashlib.sha256(backdrop.rgb.tobytes()).hexdigest()

    def __call__(
        self, cutout: Cutout, profiles: Iterable[str] | None = None, *, placement: Placement | None = None
    ) -> dict[str, ProfileResult]:
        """The finished pictures, no rules measured yet; an error where one cannot be made as asked.

        Args:
            cutout: the product.
            profiles: names of those to compose for; all by default.
            placement: size, base line and light among the pictures of a group; alone by default.

        Raises:
            NothingToCutOut: the cut-out is empty.
        """
        names = tuple(profiles or self.compositions)
        if placement is not None:
            cutout = replace(cutout, rgba=lit(cutout.rgba, placement.gain))
        prepared = PreparedCutout(cutout)
        return dict(zip(names, self._each(lambda name: self._compose(prepared, name, placement), names), strict=True))

    def _compose(self, cutout: PreparedCutout, name: str, placement: Placement | None) -> ProfileResult:
        composition = self.compositions[name]
        backdrop = self._backdrop if composition.background == "picture" else None
        rgb, source = (None, None) if backdrop is None else (backdrop.rgb, backdrop.source_type)
        try:
            packshot = compose(cutout, composition, backdrop=rgb, backdrop_source=source, placement=placement)
            return ProfileResult(packshot)
        except PackshotError as error:
            return ProfileResult(error=error)

    def settings(self) -> Mapping[str, object]:
        """The compositions and the backdrop."""
        return {name: self.settings_of(name) for name in self.compositions}

    def settings_of(self, profile: str) -> Mapping[str, object]:
        """What one profile's picture depends on."""
        composition = self.compositions[profile]
        backdrop = None
        if composition.background == "picture" and self._backdrop is not None:
            backdrop = [self._backdrop_sha256, self._backdrop.source_type]
        dumped = composition.model_dump(mode="json", exclude=None if composition.print else {"print"})
        press = composition.print.icc if composition.print else None
        colours = {} if press is None else {"press": sha256_of_file(press)}
        return {"composition": dumped, "backdrop": backdrop, **colours}
