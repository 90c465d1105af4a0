"""A Shopify shop: files are staged, made of the shop's own, waited for, and only then shown by a product.

A file is created under a name that holds its content's hash, and a second one of that name is refused by the shop
itself (``RAISE_ERROR``): so it is there once, whatever happens to the sender.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from pydantic import JsonValue, SecretStr

from packshot.addresses import split_address
from packshot.delivery.direct import shopify_answers as answers
from packshot.delivery.direct import shopify_calls as calls
from packshot.delivery.direct.asking import Asker, Traffic
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.shop import Found, Picture, Published, Shown
from packshot.delivery.direct.shopify_asking import Caller, refuse
from packshot.delivery.direct.shopify_variants import show_by_variants, shown_by_variants
from packshot.errors import DeliveryError, ShopRefused, ShopUnreachable

__all__ = ["ShopifyShop"]

_SKUS_AT_ONCE, _IDS_AT_ONCE = 20, 100
_FOUND_AFTER_S = 1.0  # the search for files learns of a new one after a moment


class ShopifyShop:
    """A Shopify shop.

    Args:
        base: its address.
        token: of the Admin API, with ``read_products``, ``write_products`` and ``write_files``.
        settings: how patiently it is asked.
        traffic: is counted.
    """

    def __init__(
        self, base: str, token: SecretStr, settings: DeliverySettings, *, traffic: Traffic | None = None
    ) -> None:
        headers = {"X-Shopify-Access-Token": token.get_secret_value()}
        self._asker = Asker(settings, base=base, headers=headers, traffic=traffic)
        self._call = Caller(self._asker)
        self._settings = settings

    def close(self) -> None:
        """Close its connections."""
        self._asker.close()

    def find(self, skus: Sequence[str]) -> Mapping[str, tuple[Found, ...]]:
        """The products whose variants have some SKUs."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for start in range(0, len(skus), _SKUS_AT_ONCE):
            some = skus[start : start + _SKUS_AT_ONCE]
            query, after = " OR ".join(f"sku:{_quoted(sku)}" for sku in some), None
            while True:
                page = self._call(calls.VARIANTS, {"query": query, "after": after}, "productVariants", answers.Variants)
                for node in page.nodes:
                    # The search knows words and beginnings; a SKU is meant whole.
                    if node.sku is not None and node.sku in some:
                        products = found.setdefault(node.sku, {})
                        mine = () if node.product.has_only_default_variant else (node.id,)
                        products[node.product.id] = products.get(node.product.id, ()) + mine
                after = page.page_info.end_cursor
                if not page.page_info.has_next_page or after is None:
                    break
        return {sku: tuple(Found(*each) for each in products.items()) for sku, products in found.items()}

    def shown(self, product: str) -> tuple[Shown, ...]:
        """What a product shows: pictures, films and models."""
        found = self._call(calls.SHOWN, {"id": product}, "product", answers.ProductNode)
        return tuple(Shown(node.id, node.alt or "") for node in found.media.nodes)

    def upload(self, picture: Picture, *, begin: Callable[[], object], begun: bool = False) -> Published:
        """Bring a picture to the shop, and wait until it can be shown; the shop itself refuses a second one."""
        begin()
        stage: dict[str, JsonValue] = {
            "resource": "IMAGE",
            "filename": picture.name,
            "mimeType": picture.mime,
            "httpMethod": "POST",
            "fileSize": str(len(picture.content)),
        }
        staged = self._call(calls.STAGE, {"input": [stage]}, "stagedUploadsCreate", answers.StagePayload)
        refuse(staged.user_errors)
        if not staged.staged_targets:
            raise DeliveryError("the shop names no place for the file", remedy="deliver again later")
        place = staged.staged_targets[0]
        fields = {each.name: each.value for each in place.parameters}
        self._asker.post_form(place.url, fields, (picture.name, picture.content, picture.mime))
        made: dict[str, JsonValue] = {
            "filename": picture.name,
            "contentType": "IMAGE",
            "alt": picture.alt,
            "originalSource": place.resource_url,
            "duplicateResolutionMode": "RAISE_ERROR",
        }
        created = self._call(calls.CREATE_FILE, {"files": [made]}, "fileCreate", answers.FilesPayload)
        if any(error.code == "FILENAME_ALREADY_EXISTS" for error in created.user_errors):
            return self._ready(self._named(picture.name))
        refuse(created.user_errors)
        if not created.files:
            raise DeliveryError(f"the shop made no file of {picture.name}", remedy="deliver again later")
        return self._ready(created.files[0])

    def show(self, product: str, wanted: Sequence[Shown]) -> None:
        """Let a product show just these: attach, change alt texts, detach, and bring them in order."""
        ids = [each.id for each in wanted]
        there = self.shown(product)
        changes = _changes(product, there, wanted)
        while changes:
            refused: DeliveryError | None = None
            try:
                done = self._call(calls.UPDATE_FILES, {"files": [*changes]}, "fileUpdate", answers.FilesPayload)
                refuse(done.user_errors)
            except (ShopRefused, ShopUnreachable):
                raise
            except DeliveryError as error:
                refused = error  # also where it was done, its answer was lost, and it was asked for once more
            there = self.shown(product)
            before, changes = changes, _changes(product, there, wanted)
            if refused is not None and changes == before:
                raise refused
            if refused is None:
                break
        now = [each.id for each in there]
        if now != ids and set(now) == set(ids):
            moves: list[JsonValue] = [{"id": each, "newPosition": str(place)} for place, each in enumerate(ids)]
            payload = self._call(
                calls.REORDER, {"id": product, "moves": moves}, "productReorderMedia", answers.JobPayload
            )
            refuse(payload.media_user_errors)
            if payload.job is not None and not payload.job.done:
                self._finish(payload.job.id)

    def shown_by_variants(self, product: str, variants: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The pictures that each of some variants has of its own."""
        return shown_by_variants(self._call, variants)

    def show_by_variants(self, product: str, wanted: Mapping[str, Sequence[str]]) -> None:
        """Let variants have just these pictures."""
        show_by_variants(self._call, product, wanted)

    def known(self, pictures: Sequence[str]) -> tuple[Shown, ...]:
        """Those of some pictures, films and models that the shop has."""
        found: list[Shown] = []
        for start in range(0, len(pictures), _IDS_AT_ONCE):
            ids: list[JsonValue] = [*pictures[start : start + _IDS_AT_ONCE]]
            nodes = self._call(calls.PICTURES, {"ids": ids}, "nodes", list[answers.MediaNode | None])
            found += [Shown(node.id, node.alt or "") for node in nodes if node is not None]
        return tuple(found)

    def read(self, url: str) -> bytes:
        """A published picture."""
        return self._asker.read(url)

    def _named(self, name: str) -> answers.FileNode:
        """The file of a name, which is there; the search may not know it yet."""
        waited = 0.0
        while True:
            query = f"filename:{_quoted(name)}"
            found = self._call(calls.FILES_NAMED, {"query": query}, "files", answers.FilesConnection)
            stem = PurePosixPath(name).stem
            # One that is not ready has no address yet; the search was for the whole name.
            for node in sorted(found.nodes, key=lambda node: node.image is None):
                if node.image is None or _name(node.image.url).startswith(stem):
                    return node
            if waited >= self._settings.ready_s:
                raise DeliveryError(f"the shop has {name}, and does not find it", remedy="deliver again later")
            self._asker.pause(_FOUND_AFTER_S)
            waited += _FOUND_AFTER_S

    def _ready(self, file: answers.FileNode) -> Published:
        waited, pause = 0.0, 0.1
        while not (file.file_status == "READY" and file.image is not None):
            if file.file_status == "FAILED":
                why = "; ".join(error.message for error in file.file_errors) or "no reason"
                # Else it would keep the name from the next one.
                self._call(calls.DELETE_FILES, {"ids": [file.id]}, "fileDelete", answers.FilesPayload)
                raise DeliveryError(f"the shop could not use the picture ({why})", remedy="see the shop's limits")
            if waited >= self._settings.ready_s:
                raise DeliveryError(
                    f"the shop was not done with the picture after {waited:.0f} s", remedy="deliver again later"
                )
            self._asker.pause(pause)
            waited, pause = waited + pause, min(2 * pause, 5.0)
            file = self._call(calls.FILE_BY_ID, {"id": file.id}, "node", answers.FileNode)
        return Published(file.id, file.image.url)

    def _finish(self, job: str) -> None:
        waited, pause = 0.0, 0.1
        while not self._call(calls.JOB, {"id": job}, "job", answers.JobNode).done:
            if waited >= self._settings.ready_s:
                raise DeliveryError("the shop does not finish the new order", remedy="deliver again later")
            self._asker.pause(pause)
            waited, pause = waited + pause, min(2 * pause, 5.0)


def _changes(product: str, shown: Sequence[Shown], wanted: Sequence[Shown]) -> list[dict[str, JsonValue]]:
    """What has to be updated, so that a product shows just some pictures, with their alt texts."""
    now = {each.id: each.alt for each in shown}
    ids = {each.id for each in wanted}
    attached: list[dict[str, JsonValue]] = [
        {"id": each.id, "alt": each.alt, **({} if each.id in now else {"referencesToAdd": [product]})}
        for each in wanted
        if now.get(each.id) != each.alt
    ]
    return attached + [{"id": each, "referencesToRemove": [product]} for each in now if each not in ids]


def _name(url: str) -> str:
    """The file's name in an address; empty where it is no address."""
    parts = split_address(url)
    return "" if parts is None else PurePosixPath(parts.path).name


def _quoted(text: str) -> str:
    """A term of Shopify's search, whole."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
