"""What the processes of one training tell each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import distributed

__all__ = ["of_all_processes"]


def of_all_processes(values: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """The values of every process, by name, in the order of the processes; of the one where there is no other.

    Each process must ask, but it need not have the same names.
    """
    parts: list[Mapping[str, Sequence[float]]] = [values]
    if distributed.is_available() and distributed.is_initialized():
        parts = [{} for _ in range(distributed.get_world_size())]
        distributed.all_gather_object(parts, dict(values))
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: [value for part in parts for value in part.get(name, ())] for name in names}
