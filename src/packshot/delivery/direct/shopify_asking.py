"""Calls of Shopify's GraphQL interface: made, waited for where the allowance is used up, and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from packshot.delivery.direct import shopify_answers as answers
from packshot.delivery.direct import shopify_calls as calls
from packshot.delivery.direct.asking import Asker
from packshot.errors import DeliveryError, ShopRefused, ShopUnreachable

__all__ = ["Caller", "refuse"]

Shape = TypeVar("Shape")


class Caller:
    """Makes calls.

    Args:
        asker: of the shop.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def __call__(self, document: str, variables: Mapping[str, JsonValue], field: str, shape: type[Shape]) -> Shape:
        """Make a call; it is made again where the allowance is used up.

        Args:
            document: one of `shopify_calls.CALLS`.
            variables: of the call.
            field: of the answer that is wanted.
            shape: of that field.

        Raises:
            ShopRefused: the key is not taken, or may not do that.
            ShopUnreachable: the answer is none of the interface.
            DeliveryError: the shop says no, or does not have it.
        """
        attempt = 0
        while True:
            attempt += 1
            body: JsonValue = {"query": document, "variables": dict(variables)}
            answer = self._asker.ask("POST", f"/admin/api/{calls.API_VERSION}/graphql.json", json=body)
            if answer.status_code == 404:
                raise ShopRefused("no shop of that name", remedy="check --to: shopify://NAME.myshopify.com")
            if not answer.is_success:
                raise DeliveryError(f"the shop answers with status {answer.status_code}", remedy="deliver again later")
            try:
                read = answers.Answer.model_validate_json(answer.content)
            except ValidationError:
                raise ShopUnreachable("the shop's answer is none of its interface", remedy="check --to") from None
            if any(error.extensions.code == "THROTTLED" for error in read.errors):
                self._asker.wait(attempt, _until_restored(read))
                continue
            if any(error.extensions.code == "ACCESS_DENIED" for error in read.errors):
                raise ShopRefused(
                    f"the key may not do that ({read.errors[0].message})",
                    remedy="give the app read_products, write_products and write_files, then repeat the command",
                )
            if read.errors or read.data is None:
                why = read.errors[0].message if read.errors else "nothing"
                raise DeliveryError(f"the shop answers: {why}", remedy="deliver again later, or report it as a defect")
            found = read.data.get(field)
            if found is None:
                raise DeliveryError("the shop does not have it any more", remedy="deliver again")
            try:
                return TypeAdapter(shape).validate_python(found)
            except ValidationError:
                raise ShopUnreachable("the shop's answer is none of its interface", remedy="check --to") from None


def refuse(errors: Sequence[answers.UserError]) -> None:
    """Raise what the shop does not take.

    Raises:
        DeliveryError: there is something.
    """
    if errors:
        raise DeliveryError(
            f"the shop says: {'; '.join(error.message for error in errors)}", remedy="mend it there, then deliver again"
        )


def _until_restored(answer: answers.Answer) -> float | None:
    """Seconds until the allowance suffices. Source: https://shopify.dev/docs/api/usage/limits, 2026."""
    cost = answer.extensions.cost
    if cost is None:
        return None
    missing = cost.requested_query_cost - cost.throttle_status.currently_available
    return max(0.0, missing) / cost.throttle_status.restore_rate
