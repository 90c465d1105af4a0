"""A request of ``/v1`` that brings one photo."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from packshot.service.job import Answer, Job
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.uploads import Upload

__all__ = ["perform_on_photo", "the_photo"]


async def perform_on_photo(request: Request, make: Callable[[bytes], Job]) -> Answer:
    """Do what a request asks for with its photo: the file ``file`` of a form, or the body itself.

    Args:
        request: its body is not read yet.
        make: the job, from the photo's bytes.

    Raises:
        Refusal: of the request; see `packshot.service.service.Service.perform` for what else.
    """

    async def job(upload: Upload) -> Job:
        return make(the_photo(upload))

    return await service_of(request).perform(request, job)


def the_photo(upload: Upload) -> bytes:
    """The one photo of a request's body.

    Raises:
        Refusal: 400, there is none, or something else beside it.
    """
    if set(upload.files) != {"file"}:
        raise Refusal(400, "missing_file", "expected one photo, as the file `file`", "send it as a form or as the body")
    if upload.fields:
        raise Refusal(400, "unknown_field", "parameters stand in the address, not in the form", "see /openapi.json")
    return upload.files["file"]
