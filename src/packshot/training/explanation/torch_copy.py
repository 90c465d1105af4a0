"""A network's ONNX file as a torch module: gradients and every layer, of our networks and of foreign ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import onnx
import onnx2torch
import onnxscript.optimizer
import torch
from onnx.utils import Extractor
from torch import Tensor, nn

from packshot.errors import ModelMismatch, UsageError
from packshot.settings import Settings
from packshot.training.explanation.prepared_graph import prepared
from packshot.training.explanation.published_layers import dense_layers, published_layers

__all__ = ["TorchCopy", "torch_threads"]

_NEAREST = 5  # names in a message


def torch_threads(settings: Settings) -> int:
    """How many threads gradients take: as many as were asked for, else one.

    Each step of a small network is shared out and waited for. Beside other work the threads wait for each other more
    than they compute: a filter picture that takes two seconds on one thread took minutes on two.
    """
    return settings.threads if "threads" in settings.model_fields_set else 1


class TorchCopy:
    """A network that was exported, with gradients.

    Args:
        path: the ONNX file.

    Attributes:
        path: of the file.

    Raises:
        ModelMismatch: it is no network that can be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._model = onnx.shape_inference.infer_shapes(prepared(onnx.load(path)))
        except Exception as error:  # protobuf and onnx fail in many ways on a foreign file
            raise ModelMismatch(f"{path}: no ONNX network ({error})", remedy="name an .onnx file") from error
        self._parts: dict[tuple[str, ...], nn.Module] = {}

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the convolutions' outputs, from the photo to the answer."""
        return tuple(node.output[0] for node in self._model.graph.node if node.op_type == "Conv")

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of what the network gives."""
        return tuple(output.name for output in self._model.graph.output)

    @cached_property
    def published(self) -> Mapping[str, str]:
        """Published name, such as ``block3_conv1`` of a VGG-16, to its tensor; see `published_layers`."""
        return published_layers(self._model)

    @cached_property
    def dense(self) -> frozenset[str]:
        """Tensors of dense layers, whose units have no places in the photo."""
        return dense_layers(self._model)

    def layer(self, name: str) -> str:
        """A layer by name, or by its number from the photo (0) or from the answer (-1); see `published`, too.

        Raises:
            UsageError: no such layer; names the nearest.
        """
        layers = self.layers
        if name.lstrip("-").isdigit() and -len(layers) <= int(name) < len(layers):
            return layers[int(name)]
        if name in layers or name in self.published.values():
            return name
        # Written as in a paper, too: "dense block 3, layer 4".
        plain = {_plain(each): tensor for each, tensor in self.published.items()}
        if _plain(name) in plain:
            return plain[_plain(name)]
        known = (*self.published, *layers)
        near = difflib.get_close_matches(name, known, n=_NEAREST, cutoff=0.3) or layers[-_NEAREST:]
        if not layers:
            raise UsageError(
                f"{self.path.name} has no convolution", remedy="name a network that has layers to look into"
            )
        raise UsageError(
            f"{self.path.name}: no layer {name!r}",
            remedy=f"the nearest are {', '.join(near)}; or a number from 0 to {len(layers) - 1}",
        )

    def takes(self, name: str, size: tuple[int, int]) -> bool:
        """Whether the network up to a layer takes pictures of another size than its input's, as convolutions do.

        Args:
            name: of an output or layer, as `layer` gives it.
            size: (height, width) in pixels.

        Raises:
            ModelMismatch: the network has a part that torch cannot copy.
        """
        part = self._part((name,))
        try:
            with torch.no_grad():
                part(torch.zeros(1, 3, *size))
        except RuntimeError:  # a shape that stands fast somewhere within
            return False
        return True

    @contextmanager
    def silent_let_through(self, name: str) -> Iterator[None]:
        """Meanwhile gradients pass ReLUs as if they were not there, in channels that are silent all over the picture.

        Args:
            name: of the layer that is asked for.

        Raises:
            ModelMismatch: the network has a part that torch cannot copy.
        """

        def passed(_: nn.Module, given: tuple[Tensor, ...], wanted: tuple[Tensor, ...]) -> tuple[Tensor]:
            silent = (given[0] == 0).flatten(2).all(2) if given[0].ndim > 2 else given[0] == 0
            return (torch.where(silent.view(*silent.shape, *[1] * (given[0].ndim - 2)), wanted[0], given[0]),)

        parts = [part for part in self._part((name,)).modules() if isinstance(part, nn.ReLU | nn.ReLU6)]
        hooks = [part.register_full_backward_hook(passed) for part in parts]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def __call__(self, batch: Tensor, names: Sequence[str]) -> list[Tensor]:
        """Some tensors of the network for a batch, all in one pass and in one graph of gradients.

        Args:
            batch: float32 (n, 3, h, w), prepared as the network's card says.
            names: of outputs or layers.

        Raises:
            ModelMismatch: the network has a part that torch cannot copy.
        """
        # A sixth quicker on a processor than channels first.
        found = self._part(tuple(names))(batch.contiguous(memory_format=torch.channels_last))
        return [found] if isinstance(found, Tensor) else list(found)

    def maps(self, batch: Tensor, name: str) -> Tensor:
        """A layer's values for a batch as maps: (n, units, h, w); those of a dense layer are of one pixel.

        Args:
            batch: as of a call.
            name: of a layer, as `layer` gives it.

        Raises:
            ModelMismatch: the network has a part that torch cannot copy.
        """
        (values,) = self(batch, [name])
        return values if values.ndim == 4 else values.flatten(1)[..., None, None]

    def _part(self, names: tuple[str, ...]) -> nn.Module:
        """The network up to some tensors; its weights stand fast, for gradients of the picture alone are asked for."""
        if names not in self._parts:
            try:
                part = Extractor(self._model).extract_model([self._model.graph.input[0].name], list(names))
                module = onnx2torch.convert(onnxscript.optimizer.optimize(part))
                self._parts[names] = module.eval().requires_grad_(False)
            except Exception as error:  # one class for each kind of trouble, none of them public
                raise ModelMismatch(
                    f"{self.path.name}: cannot be copied into torch ({error})",
                    remedy="take a method without gradients: occlusion or rise",
                ) from error
        return self._parts[names]


def _plain(name: str) -> str:
    """A name without case, blanks and signs."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
