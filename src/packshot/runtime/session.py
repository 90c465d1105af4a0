"""A network ready to run: one session per model, provider and thread count, shared by all callers."""

from __future__ import annotations

import ctypes
import hashlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from packshot.errors import ModelMismatch
from packshot.runtime.card import Activation, ModelCard, Rescale, View
from packshot.runtime.providers import first_line, open_session
from packshot.runtime.store import StoredModel, model_id, resolve
from packshot.runtime.task import SEGMENTATION, fits_a_mask
from packshot.settings import Provider, Settings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from packshot.values import Rgb

__all__ = ["Network", "load"]

Batch = NDArray[np.float32]

# What a card says of how a network is fed and read; the rest tells a person about it.
_ANSWERS = {"name", "input", "output", "labels", "heads", "known", "ready", "frame", "threshold"}

# Every tensor kept outside the ONNX file has an entry with this key (protobuf field 1, 8 bytes, "location").
_EXTERNAL_DATA = b"\x0a\x08location"
_FLOATS: dict[str, type[np.float32] | type[np.float16]] = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A loaded model. Made by `load`; may be called from several threads at once.

    Attributes:
        card: what is known of it.
        sha256: of the ONNX file that was loaded.
        provider: the execution provider it really runs on.
    """

    card: ModelCard
    sha256: str
    provider: Provider
    _session: InferenceSession = field(repr=False)
    _input: str = field(repr=False)
    _dtype: type[np.float32] | type[np.float16] = field(repr=False)

    @property
    def id(self) -> str:
        """Name and the first eight digits of the hash, ``cutout@1f2e3d4c``, as masks carry it."""
        return model_id(self.card, self.sha256)

    @property
    def fingerprint(self) -> str:
        """Changes whenever its answers could: with the file, and with what its card says of how it is fed and read."""
        told = self.card.model_dump_json(include=_ANSWERS)
        return f"{self.sha256}+{hashlib.sha256(told.encode()).hexdigest()}"

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in the order of the graph."""
        return tuple(output.name for output in self._session.get_outputs())

    def resized(self, rgb: Rgb) -> Rgb:
        """A photo at the size of the network's input, as `prepare` makes it small; `prepare` takes it in its place.

        Args:
            rgb: uint8 (h, w, 3).

        Returns:
            uint8 (height, width, 3); of a network that sees something else than a whole photo, the photo.
        """
        from packshot.runtime.preprocessing import resize  # noqa: PLC0415 - OpenCV is slow to import

        spec = self.card.input
        return resize(rgb, size=spec.size_for(rgb.shape)) if spec.view is View.PHOTO else rgb

    def prepare(self, rgb: Rgb) -> Batch:
        """A photo as a batch of one, viewed and normalised as the card says.

        Args:
            rgb: uint8 (h, w, 3).

        Returns:
            float32 (1, 3, height, width), or (1, height, width, 3) for the layout ``nhwc``.
        """
        from packshot.runtime.preprocessing import prepare  # noqa: PLC0415 - OpenCV is slow to import

        spec = self.card.input
        ordered = rgb if spec.channels == "rgb" else rgb[..., ::-1]
        picture = prepare(ordered, size=spec.size_for(rgb.shape), view=spec.view, mean=spec.mean, std=spec.std)
        return picture[None] if spec.layout == "nchw" else np.ascontiguousarray(picture.transpose(1, 2, 0)[None])

    def run(self, batch: Batch) -> Batch:
        """The card's output of a batch, with its activation and rescaling applied.

        Args:
            batch: float32 (n, 3, height, width), as `prepare` makes it.

        Returns:
            float32, as the network gives it: (n, 1, height, width) in 0..1 for segmentation.

        Raises:
            ModelMismatch: the network refuses the batch.
        """
        return self.run_with(batch, [])[0]

    def run_with(self, batch: Batch, further: list[str]) -> tuple[Batch, dict[str, Batch]]:
        """The card's output as `run` gives it, and further outputs by name, in one pass.

        Args:
            batch: float32 (n, 3, height, width).
            further: names of outputs, given as the network gives them.

        Raises:
            ModelMismatch: the network refuses the batch.
        """
        spec = self.card.output
        name = spec.name or self._session.get_outputs()[spec.index].name
        raw = self.outputs(batch, names=[name, *further])
        values = raw.pop(name)
        if spec.activation is Activation.SIGMOID:
            values = _sigmoid(values)
        return (_stretch(values) if spec.rescale is Rescale.MINMAX else values), raw

    def outputs(self, batch: Batch, *, names: list[str] | None = None) -> dict[str, Batch]:
        """Raw outputs by name, for networks with several heads.

        Args:
            batch: float32 (n, 3, height, width).
            names: the outputs wanted; None gives all.

        Returns:
            float32 arrays, untouched by the card's activation.

        Raises:
            ModelMismatch: the network refuses the batch.
        """
        wanted = names or [output.name for output in self._session.get_outputs()]
        try:
            values = self._session.run(wanted, {self._input: np.asarray(batch, self._dtype)})
        except Exception as error:  # onnxruntime's own exception classes derive from Exception alone
            raise ModelMismatch(
                f"{self.id}: cannot run on a batch of shape {batch.shape} ({first_line(error)})",
                remedy="check the card's input size against the network",
            ) from error
        return {name: np.asarray(value, np.float32) for name, value in zip(wanted, values, strict=True)}


_networks: dict[tuple[str, str, Provider, int], Network] = {}
_lock = threading.Lock()


def _forget() -> None:
    # Threads of a session do not survive a fork: the child has to build its own. It must not free the parent's either,
    # not even when it ends: that waits for threads which are not there.
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    for network in _networks.values():
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(network))
    _networks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def load(ref: str | Path, settings: Settings | None = None, *, task: str | tuple[str, ...] | None = None) -> Network:
    """Load a model once; a second call with the same file, card and settings gives the same `Network`.

    Args:
        ref: a name, ``cutout``, or the path of an ``.onnx`` file.
        settings: provider, threads, store and licence policy.
        task: what the network must be for: ``segmentation``, ``description``, ``frame``, or several; None takes any.

    Raises:
        ModelNotFound: no such model, or it has no card.
        ModelMismatch: it is for another task, or hash, card or shapes do not fit the file, or it is not ONNX.
        LicenceRefused: non-commercial, and not asked for by name.
        ProviderUnavailable: the provider is not installed or has no device; there is no silent CPU run.
    """
    settings = settings or Settings()
    model = resolve(ref, settings, task=task)
    data, digest = model.read()
    key = (digest, model.card.model_dump_json(), settings.provider, settings.threads)
    with _lock:
        if key not in _networks:
            _networks[key] = _open(model, data, digest, settings)
        return _networks[key]


def _open(model: StoredModel, data: bytes, digest: str, settings: Settings) -> Network:
    if _EXTERNAL_DATA in data:
        raise ModelMismatch(
            f"{model.path}: keeps weights in other files, which its hash does not cover",
            remedy="save it as one file: onnx.save(onnx.load(path), path)",
        )
    session = open_session(data, source=str(model.path), settings=settings)
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type not in _FLOATS:
        kinds = ", ".join(f"{value.name}: {value.type}" for value in inputs)
        raise ModelMismatch(f"{model.path}: expected one input of floats, got {kinds}", remedy="export it so")
    _check_input(model, list(inputs[0].shape))
    _check_output(model, {output.name: list(output.shape or []) for output in session.get_outputs()})
    return Network(
        card=model.card,
        sha256=digest,
        provider=settings.provider,
        _session=session,
        _input=inputs[0].name,
        _dtype=_FLOATS[inputs[0].type],
    )


def _check_input(model: StoredModel, shape: list[int | str | None]) -> None:
    spec = model.card.input
    width, height = spec.size
    expected = [3, height, width] if spec.layout == "nchw" else [height, width, 3]
    wanted = ", ".join(map(str, expected))
    fits = len(shape) == 4 and all(
        not isinstance(got, int) or (got == want and (want == 3 or not (spec.shapes or spec.longest)))
        for got, want in zip(shape[1:], expected, strict=True)
    )
    if not fits:
        others = " and other shapes" if spec.shapes or spec.longest else ""
        raise ModelMismatch(
            f"{model.path}: its card says input [n, {wanted}]{others}, the network takes {shape}",
            remedy="correct input.size, input.shapes and input.layout in the card",
        )


def _check_output(model: StoredModel, shapes: dict[str, list[int | str | None]]) -> None:
    spec, names = model.card.output, list(shapes)
    if (spec.name is not None and spec.name not in names) or (spec.name is None and spec.index >= len(names)):
        output = spec.name or spec.index
        raise ModelMismatch(
            f"{model.path}: the card reads output {output}, the network has {', '.join(names)}",
            remedy="correct output.name or output.index in the card",
        )
    name = spec.name or names[spec.index]
    shape = shapes[name]  # empty where the graph does not say
    if model.card.task == SEGMENTATION and shape and not fits_a_mask(shape):
        raise ModelMismatch(
            f"{model.path}: its card says segmentation, expected a mask (n, 1, h, w), got output {name} {shape}",
            remedy="take a segmentation network, or name its mask in output of the card",
        )


def _sigmoid(values: Batch) -> Batch:
    half = np.float32(0.5)
    return np.asarray(half * (np.tanh(half * values) + np.float32(1.0)), np.float32)


def _stretch(values: Batch) -> Batch:
    """Min-max of each sample; one that stays within 0..0.5 says "nothing here", and is left saying so."""
    axes = tuple(range(1, values.ndim))
    low, high = values.min(axis=axes, keepdims=True), values.max(axis=axes, keepdims=True)
    stretched = (values - low) / np.maximum(high - low, np.float32(1e-6))
    return np.where((low >= 0) & (high <= 0.5), values, stretched).astype(np.float32)
