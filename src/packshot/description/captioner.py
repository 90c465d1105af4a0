"""Any network that writes a sentence on a photo, as an ONNX file that holds the whole of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.errors import ModelMismatch
from packshot.runtime import load
from packshot.runtime.task import CAPTIONING
from packshot.settings import Settings
from packshot.values import Rgb

__all__ = ["Captioner", "sentence_of"]

_ENDS = frozenset({"</s>", "[SEP]", "<end>", "<eos>", "<|endoftext|>"})
_SILENT = frozenset({"<s>", "[CLS]", "<start>", "<bos>", "<pad>", "[PAD]", "<unk>", "[UNK]"})
_PART = "##"  # WordPiece: goes on with the word before
_WORD = "\u2581"  # SentencePiece: begins a word


class Captioner:
    """Asks one network of task ``captioning``.

    Its graph goes all the way from the photo to words: the card's output is (1, t), numbers of `labels`, or (1, t, n),
    of which the likeliest label of each place is taken. Labels are words, or parts of them as WordPiece (``##ing``) or
    SentencePiece write them.

    Args:
        model: the path of an ``.onnx`` file, or a name of the store.
        settings: provider, threads, store and licence policy.

    Attributes:
        id: name and hash of the network.

    Raises:
        ModelError: the network cannot be used.
        ModelMismatch: its card has no labels.
    """

    def __init__(self, model: str, settings: Settings) -> None:
        self._network = load(model, settings, task=CAPTIONING)
        self.id = self._network.id
        if not self._network.card.labels:
            raise ModelMismatch(
                f"{self.id}: expected its words as `labels` in its card, got none",
                remedy="write its vocabulary into `labels`, in the order of its numbers",
            )

    def __call__(self, rgb: Rgb) -> str:
        """The sentence; empty where the network says nothing.

        Args:
            rgb: uint8 (h, w, 3).

        Raises:
            ModelMismatch: its output is neither numbers of labels nor a score for each.
        """
        labels = self._network.card.labels
        found = self._network.run(self._network.prepare(rgb))
        if found.ndim == 3 and found.shape[0] == 1 and found.shape[2] == len(labels):
            numbers = found[0].argmax(axis=1)
        elif found.ndim == 2 and found.shape[0] == 1 and _are_numbers(found[0], len(labels)):
            numbers = found[0].astype(np.int64)
        else:
            raise ModelMismatch(
                f"{self.id}: expected (1, t) numbers below {len(labels)}, or (1, t, {len(labels)}), got {found.shape}",
                remedy="name the right output in `output` of its card, or correct `labels`",
            )
        return sentence_of([labels[number] for number in numbers.tolist()])


def sentence_of(pieces: list[str]) -> str:
    """Words, or parts of them, put together, up to the end that the network says.

    Example:
        >>> sentence_of(["<s>", "a", "red", "sneak", "##er", "</s>", "a"])
        'A red sneaker.'
    """
    words: list[str] = []
    for piece in pieces:
        if piece in _ENDS:
            break
        if piece in _SILENT:
            continue
        if piece.startswith(_PART) and words:
            words[-1] += piece[len(_PART) :]
        else:
            words.append(piece)
    joined = "".join(words).replace(_WORD, " ") if any(word.startswith(_WORD) for word in words) else " ".join(words)
    text = " ".join(joined.split()).replace(" ,", ",").replace(" .", ".")
    if not text:
        return ""
    return text[:1].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def _are_numbers(values: NDArray[np.float32], count: int) -> bool:
    return bool(((values >= 0) & (values < count) & (values == np.round(values))).all())
