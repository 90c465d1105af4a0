"""Execution providers: asked for by name, and either really used or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.errors import ModelMismatch, ProviderUnavailable
from packshot.extras import pip
from packshot.settings import Provider, Settings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["first_line", "installed_providers", "open_session"]

_ORT_NAMES = {
    Provider.CPU: "CPUExecutionProvider",
    Provider.CUDA: "CUDAExecutionProvider",
    Provider.OPENVINO: "OpenVINOExecutionProvider",
    Provider.COREML: "CoreMLExecutionProvider",
}
_ORT_OPTIONS: dict[Provider, dict[str, str]] = {
    # Without this OpenVINO computes in bfloat16 on processors that have it, and masks change.
    Provider.OPENVINO: {"device_type": "CPU", "precision": "ACCURACY"},
}
_REMEDIES = {
    Provider.CPU: "reinstall onnxruntime",
    Provider.CUDA: f"{pip()} uninstall onnxruntime, then {pip()} install onnxruntime-gpu, and check nvidia-smi",
    Provider.OPENVINO: f"{pip()} uninstall onnxruntime, then {pip()} install onnxruntime-openvino",
    Provider.COREML: "it exists on macOS only; use provider cpu elsewhere",
}


def installed_providers() -> tuple[Provider, ...]:
    """The providers this onnxruntime was built with; whether a device answers is known only when one is used."""
    import onnxruntime as ort  # noqa: PLC0415 - a command that runs no network must not pay for it

    there = set(ort.get_available_providers())
    return tuple(provider for provider, name in _ORT_NAMES.items() if name in there)


def open_session(data: bytes, *, source: str, settings: Settings) -> InferenceSession:
    """Build an onnxruntime session on exactly the provider asked for.

    Args:
        data: the bytes of a self-contained ONNX file.
        source: what to call it in messages.
        settings: provider and threads.

    Raises:
        ModelMismatch: the bytes are not a network onnxruntime can load.
        ProviderUnavailable: the provider is not installed or has no device.
    """
    import onnxruntime as ort  # noqa: PLC0415 - a command that runs no network must not pay for it

    provider = _ORT_NAMES[settings.provider]
    if provider not in ort.get_available_providers():
        raise ProviderUnavailable(
            f"provider {settings.provider.value} is not in this onnxruntime",
            remedy=_REMEDIES[settings.provider],
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads = settings.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Waiting threads that spin take the core from decoding, encoding and other workers: with a busy machine a
    # run took 77 ms with spinning and 46 ms without (docs/decisions/0008-onnxruntime-options.md).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(
            data, sess_options=options, providers=[(provider, _ORT_OPTIONS.get(settings.provider, {}))]
        )
    except Exception as error:
        if settings.provider is not Provider.CPU and provider in str(error):
            raise ProviderUnavailable(
                f"provider {settings.provider.value} does not start ({first_line(error)})",
                remedy=_REMEDIES[settings.provider],
            ) from error
        raise ModelMismatch(
            f"{source}: not a network onnxruntime can load ({first_line(error)})",
            remedy="export it again as ONNX, opset 21 or lower",
        ) from error
    # onnxruntime falls back to the CPU without a word when a provider cannot start.
    if session.get_providers()[0] != provider:
        raise ProviderUnavailable(
            f"provider {settings.provider.value} has no device here", remedy=_REMEDIES[settings.provider]
        )
    return session


def first_line(error: Exception) -> str:
    """The first line of an error's message; onnxruntime adds a page of context below."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
