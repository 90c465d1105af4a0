"""Every error packshot raises on purpose.

.. code-block:: text

    PackshotError                 message, remedy
    ├── PhotoError                a file that cannot become a photo (names the source)
    │   ├── UnreadablePhoto       not there, no permission, a folder
    │   ├── EmptyFile             zero bytes
    │   ├── UnsupportedFormat     not one of the formats packshot opens
    │   ├── MislabelledPhoto      content and file name disagree
    │   ├── DamagedPhoto          truncated or corrupt
    │   └── LimitExceeded         too many pixels, bytes or scans
    ├── ModelError                a network that cannot be used
    │   ├── ModelNotFound
    │   ├── ModelMismatch         hash, card or shape does not fit the file
    │   ├── LicenceRefused        non-commercial, and not asked for by name
    │   ├── FetchFailed           a published network could not be brought here
    │   └── ProviderUnavailable   the asked-for accelerator is not there
    ├── NothingToCutOut           the mask is empty or hopeless
    ├── CompositionError          the packshot asked for cannot be made
    │   └── ByteLimitUnreachable  no quality fits the size limit in bytes
    ├── ProcessingError           a photo that was given up, through no fault of its content that we know
    │   ├── WorkerDied            its worker process ended: out of memory, or a crash in a library
    │   ├── TimeLimitExceeded     it took longer than a photo may take
    │   └── InternalError         a defect in packshot
    ├── CatalogueError            a catalogue that cannot be used as asked
    │   ├── CatalogueDamaged      a file of it is missing or corrupt
    │   ├── CatalogueLocked       another writer holds it
    │   └── CatalogueMismatch     embeddings of another model or dimension, or written by a newer packshot
    ├── StorageError              a bucket or an object that cannot be used as asked
    │   ├── AccessDenied          no credentials, or they do not allow it
    │   ├── BucketNotFound        there is no such bucket
    │   ├── ObjectNotFound        there is no such object
    │   ├── ObjectExists          an object that was to be made is there already
    │   └── ObjectChanged         an object that was to be replaced is another one by now
    ├── UsageError                a wrong option, profile or folder (exit code 2)
    │   ├── DecidedMeanwhile      another person decided something else on the same photo
    │   └── ResultChanged         a decision on a result that is not the one that was looked at
    └── OutputError               a result could not be written
        ├── StorageUnavailable    a bucket's requests failed, also when they were repeated
        └── DeliveryError         a shop or server did not take what was delivered
            ├── ShopRefused       the key is wrong, has expired, or may not do that
            ├── ShopUnreachable   no answer, or none in time
            └── ChangedByShop     what is published is not what was sent

A message says what was expected and what came; a remedy says the way out.
"""

from __future__ import annotations

__all__ = [
    "AccessDenied",
    "BucketNotFound",
    "ByteLimitUnreachable",
    "CatalogueDamaged",
    "CatalogueError",
    "CatalogueLocked",
    "CatalogueMismatch",
    "ChangedByShop",
    "CompositionError",
    "DamagedPhoto",
    "DecidedMeanwhile",
    "DeliveryError",
    "EmptyFile",
    "FetchFailed",
    "InternalError",
    "LicenceRefused",
    "LimitExceeded",
    "MislabelledPhoto",
    "ModelError",
    "ModelMismatch",
    "ModelNotFound",
    "NothingToCutOut",
    "ObjectChanged",
    "ObjectExists",
    "ObjectNotFound",
    "OutputError",
    "PackshotError",
    "PhotoError",
    "ProcessingError",
    "ProviderUnavailable",
    "ResultChanged",
    "ShopRefused",
    "ShopUnreachable",
    "StorageError",
    "StorageUnavailable",
    "TimeLimitExceeded",
    "UnreadablePhoto",
    "UnsupportedFormat",
    "UsageError",
    "WorkerDied",
]


class PackshotError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: what was expected and what came.
        remedy: what the reader can do about it.

    Example:
        >>> print(PackshotError("front.jpg is empty (0 bytes)", remedy="upload it again"))
        front.jpg is empty (0 bytes): upload it again
    """

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    @property
    def code(self) -> str:
        """The class name, stable across versions; written to the manifest."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.message}: {self.remedy}"

    def about(self, name: str) -> str:
        """In words, with the name of what it is about before them, unless they hold it.

        Example:
            >>> PackshotError("no product", remedy="take another photo").about("front.jpg")
            'front.jpg: no product: take another photo'
        """
        return str(self) if name in str(self) else f"{name}: {self}"

    def to_dict(self) -> dict[str, str]:
        """``code``, ``message`` and ``remedy``, as manifest and ``--json`` have them."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy}

    def __reduce__(self) -> tuple[object, ...]:
        # An exception with keyword-only arguments does not survive the way back from a worker process unaided.
        return (_rebuild, (type(self), self.message, self.remedy))


def _rebuild(kind: type[PackshotError], message: str, remedy: str) -> PackshotError:
    return kind(message, remedy=remedy)


class PhotoError(PackshotError):
    """A file that cannot become a photo."""


class UnreadablePhoto(PhotoError):
    """The file is not there, is a folder, or may not be read."""


class EmptyFile(PhotoError):
    """The file has zero bytes."""


class UnsupportedFormat(PhotoError):
    """The content is none of the formats packshot opens."""


class MislabelledPhoto(PhotoError):
    """The content is another format than the file name says."""


class DamagedPhoto(PhotoError):
    """The file is truncated or corrupt."""


class LimitExceeded(PhotoError):
    """The file asks for more pixels, bytes or scans than `packshot.limits.Limits` allows."""


class ModelError(PackshotError):
    """A network that cannot be used."""


class ModelNotFound(ModelError):
    """No model of that name or at that path."""


class ModelMismatch(ModelError):
    """The model file does not fit its card: another hash, shape or task."""


class LicenceRefused(ModelError):
    """The model's licence forbids commercial use and it was not asked for by name."""


class FetchFailed(ModelError):
    """A published network could not be brought here: no network, the server refused, or the connection ended."""


class ProviderUnavailable(ModelError):
    """The execution provider asked for is not installed or has no device."""


class NothingToCutOut(PackshotError):
    """The mask is empty or hopeless; it is never passed off as a cut-out."""


class CompositionError(PackshotError):
    """The packshot asked for cannot be made."""


class ByteLimitUnreachable(CompositionError):
    """Even the lowest acceptable quality is larger than the limit in bytes."""


class ProcessingError(PackshotError):
    """A photo that was given up, through no fault of its content that we know."""


class WorkerDied(ProcessingError):
    """The worker process ended while it held the photo: out of memory, or a crash in a library."""


class TimeLimitExceeded(ProcessingError):
    """The photo took longer than the time limit, and its worker was stopped."""


class InternalError(ProcessingError):
    """A defect in packshot: an exception nobody foresaw."""


class CatalogueError(PackshotError):
    """A catalogue that cannot be used as asked."""


class CatalogueDamaged(CatalogueError):
    """A file of the catalogue is missing or corrupt."""


class CatalogueLocked(CatalogueError):
    """Another writer holds the catalogue, and did not let go in time."""


class CatalogueMismatch(CatalogueError):
    """Embeddings of another model or dimension, or a catalogue written by a newer packshot."""


class StorageError(PackshotError):
    """A bucket or an object that cannot be used as asked."""


class AccessDenied(StorageError):
    """There are no credentials for a bucket, or they do not allow what was asked."""


class BucketNotFound(StorageError):
    """There is no bucket of that name."""


class ObjectNotFound(StorageError):
    """There is no object of that name, or it is gone."""


class ObjectExists(StorageError):
    """An object that was to be made is there already, with another content."""


class ObjectChanged(StorageError):
    """An object that was to be replaced is another one by now: somebody else wrote it."""


class UsageError(PackshotError):
    """A wrong option, profile or folder; the command line answers with exit code 2."""


class DecidedMeanwhile(UsageError):
    """Another person decided something else on the same photo, which the one who decides now has not seen."""


class ResultChanged(UsageError):
    """A decision on a result that is not the one that was looked at."""


class OutputError(PackshotError):
    """A result could not be written: no space, no permission, or another run holds the folder."""


class StorageUnavailable(OutputError):
    """A bucket throttled, failed or did not answer, also when the request was repeated."""


class DeliveryError(OutputError):
    """A shop or server did not take what was delivered."""


class ShopRefused(DeliveryError):
    """The key is wrong, has expired, or may not do what was asked."""


class ShopUnreachable(DeliveryError):
    """No answer, or none in time."""


class ChangedByShop(DeliveryError):
    """What is published is not what was sent."""
