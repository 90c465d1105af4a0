"""Whether new embeddings would belong beside those of a catalogue, told before a network is loaded."""

from __future__ import annotations

from packshot.catalogue.indexing.embedding import Background, background_of, describing_network, identity
from packshot.catalogue.store import Store
from packshot.description import NO_DESCRIPTION
from packshot.errors import CatalogueMismatch
from packshot.runtime import resolve
from packshot.runtime.task import CLASSIFICATION, DESCRIBING
from packshot.settings import Settings

__all__ = ["check_identity", "check_network"]


def check_network(store: Store, settings: Settings, *, background: Background | None = None) -> None:
    """Refuse a network whose embeddings do not belong beside those of a catalogue.

    Its file and card say which network it is; only a classifier is loaded, for it may have no embedding at all. That
    no network is named is left to what needs one.

    Args:
        store: the catalogue, open; an empty one takes any network.
        settings: name the network.
        background: what products would stand on; by default as in the catalogue.

    Raises:
        CatalogueMismatch: the catalogue's embeddings are not of this network and background.
        ModelError: there is no such network, it describes nothing, or its file is not the one of its card.
        UsageError: it is a classifier that gives no embedding.
    """
    model = store.model
    if model is None or settings.describe_model == NO_DESCRIPTION:
        return
    found = resolve(settings.describe_model, settings, task=DESCRIBING)
    network = describing_network(settings) if found.card.task == CLASSIFICATION else found.id
    check_identity(model, identity(network, background or background_of(model)), uri=store.uri)


def check_identity(model: str | None, mine: str, *, uri: str) -> None:
    """Refuse embeddings of another identity than those of a catalogue.

    Args:
        model: identity of the catalogue's embeddings; None while it is empty.
        mine: of the new ones.
        uri: of the catalogue, for the message.

    Raises:
        CatalogueMismatch: they differ.
    """
    if model in (None, mine):
        return
    ground = background_of(model)
    use = ["network (--describe-model)"] if _network(model) != _network(mine) else []
    use += [f"background (--ground {ground})"] if ground is not background_of(mine) else []
    raise CatalogueMismatch(
        f"the catalogue {uri} holds embeddings of {model}, not of {mine}",
        remedy=f"use that {' and '.join(use)}, or move the catalogue to the other: packshot catalogue reindex -c {uri}",
    )


def _network(identity_: str) -> str:
    return identity_.replace(f"+{background_of(identity_)}@", "@")
