"""Where a describing network starts: with an exported one's backbone, embedding, and answers to labels it knows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
from torch.utils.data import Dataset as Samples

from packshot.heads import Head
from packshot.training.describe.module import DescribeModule
from packshot.training.figures.samples import Sample
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.from_onnx import load_onnx_weights, restore_statistics
from packshot.training.start import exported_start, first_pictures, start_card, start_from

__all__ = ["start_description_from"]


def start_description_from(
    module: DescribeModule, source: str, *, ships: str, samples: Callable[[], Samples[Sample]], name: str
) -> None:
    """As `packshot.training.start.start_from`, but labels may be others than those of an exported file.

    A label of the same head and name goes on from that file's answer, others start anew; so does the embedding where
    its length is another.

    Raises:
        UsageError: the file is not there, damaged, or of another backbone.
    """
    file = exported_start(source, ships=ships)
    if file is None:
        start_from(module, source, ships=ships, samples=samples, name=name)
        return
    heads, pictures = start_card(file).heads, first_pictures(samples())
    network = module.network
    known = DescribeNet(
        labels=sum(len(head.labels) for head in heads), embedding=module.recipe.embedding, encoder=module.recipe.encoder
    )
    load_onnx_weights(known, file, like=pictures[0])
    network.encoder.load_state_dict(known.encoder.state_dict())
    network.projection.load_state_dict(known.projection.state_dict())
    before, places = _places(heads), _places(module.heads)
    shared = [label for label in places if label in before]
    old, new = [before[label] for label in shared], [places[label] for label in shared]
    with torch.no_grad():
        network.heads.weight[new] = known.heads.weight[old]
        network.heads.bias[new] = known.heads.bias[old]
    restore_statistics(network, pictures)


def _places(heads: Sequence[Head]) -> dict[tuple[str, str], int]:
    """Head and label to the row of the linear layer."""
    labels = itertools.chain.from_iterable(((head.name, label) for label in head.labels) for head in heads)
    return {label: place for place, label in enumerate(labels)}
