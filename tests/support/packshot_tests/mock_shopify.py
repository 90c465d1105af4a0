"""A Shopify shop on loopback, whose calls are validated and answered by the published schema of its interface."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from email import message_from_bytes
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo, build_schema, graphql_sync

from packshot_tests.mock_shop import Asked, MockShop, Said

SCHEMA = Path(__file__).parents[2] / "delivery" / "shopify_2026_07.graphql"
TOKEN = "shpat_0123456789abcdef0123456789abcdef"
GID = "gid://shopify"


class MockShopify(MockShop):
    """Products by SKU, files by name.

    Attributes:
        products: id to the ids of what it shows.
        variants: id to SKU, product and the ids of what it has of its own.
        files: id to name, alt, address, status and the polls after which it is ready.
        calls: names of the operations so far.
        token: that it takes.
        throttle: calls that are refused first, as the allowance is used up.
    """

    def __init__(self) -> None:
        super().__init__("shopify", {"PACKSHOT_SHOPIFY_TOKEN": TOKEN})
        self.schema = build_schema(SCHEMA.read_text())
        self.products: dict[str, list[str]] = {}
        self.variants: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.staged: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.token = TOKEN
        self.throttle = 0
        self.polls = 1
        self.refuse: str | None = None
        self.fails = False
        self._count = itertools.count(1)

    def add_product(self, *skus: str, pictures: int = 0) -> str:
        """A product, with pictures that others put there."""
        product = f"{GID}/Product/{next(self._count)}"
        self.products[product] = []
        for sku in skus:
            self.add_variant(product, sku)
        for number in range(pictures):
            self.products[product].append(self.add_file(f"theirs-{next(self._count)}.jpg", f"theirs {number}"))
        return product

    def add_file(self, name: str, alt: str, content: bytes = b"theirs") -> str:
        file = f"{GID}/MediaImage/{next(self._count)}"
        url = self.publish(name, content) if content != b"theirs" else f"{self.url}/cdn/{name}"
        self.files[file] = {"id": file, "name": name, "alt": alt, "url": url, "status": "READY", "polls": 0}
        return file

    def names(self, product: str) -> list[str]:
        """Names of the files that a product shows."""
        return [self.files[file]["name"] for file in self.products[product]]

    def add_variant(self, product: str, sku: str) -> None:
        variant = f"{GID}/ProductVariant/{next(self._count)}"
        self.variants[variant] = {"id": variant, "sku": sku, "product": product, "media": []}

    def with_sku(self, sku: str) -> list[dict[str, Any]]:
        return [each for each in self.variants.values() if each["sku"] == sku]

    def answer(self, asked: Asked) -> Said:
        if asked.path.startswith("/cdn/"):
            assert "x-shopify-access-token" not in asked.headers
            return self.show_published(asked)
        if asked.path == "/staged":
            assert "x-shopify-access-token" not in asked.headers
            return self._take_upload(asked)
        if asked.path != "/admin/api/2026-07/graphql.json":
            return Said(404)
        if asked.headers.get("x-shopify-access-token") != self.token:
            return Said(401, b'{"errors": "[API] Invalid API key or access token"}')
        body = json.loads(asked.body)
        cost: dict[str, Any] = {"requestedQueryCost": 12, "throttleStatus": {"maximumAvailable": 2000.0}}
        cost["throttleStatus"] |= {"currentlyAvailable": 11.0, "restoreRate": 100.0}
        if self.throttle:
            self.throttle -= 1
            errors = [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
            return _json({"errors": errors, "extensions": {"cost": cost}})
        result = graphql_sync(self.schema, body["query"], root_value=_Root(self), variable_values=body["variables"])
        self.calls.append(re.search(r"(?:query|mutation) (\w+)", body["query"]).group(1))
        said = {"data": result.data, "extensions": {"cost": cost}}
        return _json(said | ({"errors": [{"message": str(e)} for e in result.errors]} if result.errors else {}))

    def _take_upload(self, asked: Asked) -> Said:
        head = b"Content-Type: " + asked.headers["content-type"].encode() + b"\r\n\r\n"
        parts = {}
        for part in message_from_bytes(head + asked.body).get_payload():
            parts[part.get_param("name", header="content-disposition")] = part.get_payload(decode=True)
        assert parts["policy"] == b"signed"
        self.staged[parts["key"].decode()] = parts["file"]
        return Said(201)

    # What the schema's root fields are answered with.

    def productVariants(self, info: GraphQLResolveInfo, first: int, query: str, after: str | None = None) -> Any:
        asked = [term.replace('\\"', '"').lower() for term in re.findall(r'sku:"((?:[^"\\]|\\.)*)"', query)]
        # Shopify's search knows no capitals, and finds words that begin so.
        found = [v for v in self.variants.values() if any(v["sku"].lower().startswith(term) for term in asked)]
        start = int(after or 0)
        nodes = [self._variant(each["id"]) for each in found[start : start + first]]
        more = start + first < len(found)
        return {"nodes": nodes, "pageInfo": {"hasNextPage": more, "endCursor": str(start + first)}}

    def product(self, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002
        if id not in self.products:
            return None
        media = {"nodes": [self._file(file) for file in self.products[id]]}
        return {"id": id, "media": lambda info, first: media}

    def node(self, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002
        file = self.files.get(id)
        if file is None:
            return None
        file["polls"] -= 1
        if file["polls"] <= 0 and file["status"] == "PROCESSING":
            file["status"] = "FAILED" if self.fails else "READY"
        return self._file(id)

    def nodes(self, info: GraphQLResolveInfo, ids: list[str]) -> Any:
        found = ((each, self._variant if each in self.variants else self._file) for each in ids)
        return [describe(each) if each in {**self.variants, **self.files} else None for each, describe in found]

    def _variant(self, variant: str) -> dict[str, Any]:
        known = self.variants[variant]
        alone = sum(each["product"] == known["product"] for each in self.variants.values()) == 1
        media = {"nodes": [self._file(file) for file in known["media"]]}
        product = {"id": known["product"], "hasOnlyDefaultVariant": alone}
        said = {"__typename": "ProductVariant", "id": variant, "sku": known["sku"], "product": product}
        return said | {"media": lambda info, first: media}

    def productVariantAppendMedia(self, info: GraphQLResolveInfo, productId: str, variantMedia: Any) -> Any:
        for pair in variantMedia:
            if len(pair["mediaIds"]) != 1:
                return _media_error("TOO_MANY_MEDIA_PER_INPUT_PAIR")
            if pair["mediaIds"][0] not in self.products[productId]:
                return _media_error("MEDIA_DOES_NOT_EXIST_ON_PRODUCT")
            if self.variants[pair["variantId"]]["media"]:
                return _media_error("PRODUCT_VARIANT_ALREADY_HAS_MEDIA")
        for pair in variantMedia:
            self.variants[pair["variantId"]]["media"] = [*pair["mediaIds"]]
        return {"userErrors": []}

    def productVariantDetachMedia(self, info: GraphQLResolveInfo, productId: str, variantMedia: Any) -> Any:
        for pair in variantMedia:
            if any(media not in self.variants[pair["variantId"]]["media"] for media in pair["mediaIds"]):
                return _media_error("MEDIA_IS_NOT_ATTACHED_TO_VARIANT")
        for pair in variantMedia:
            media = self.variants[pair["variantId"]]["media"]
            media[:] = [each for each in media if each not in pair["mediaIds"]]
        return {"userErrors": []}

    def job(self, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002
        return {"id": id, "done": True}

    def files_named(self, name: str) -> list[str]:
        return [file for file, known in self.files.items() if known["name"] == name]

    def stagedUploadsCreate(self, info: GraphQLResolveInfo, input: list[dict[str, Any]]) -> Any:  # noqa: A002
        key = f"tmp/{next(self._count)}/{input[0]['filename']}"
        parameters = [{"name": "key", "value": key}, {"name": "policy", "value": "signed"}]
        target = {"url": f"{self.url}/staged", "resourceUrl": f"{self.url}/staged/{key}", "parameters": parameters}
        return {"stagedTargets": [target], "userErrors": []}

    def fileCreate(self, info: GraphQLResolveInfo, files: list[dict[str, Any]]) -> Any:
        (asked,) = files
        if self.refuse is not None:
            return {"files": [], "userErrors": [{"code": "UNACCEPTABLE_ASSET", "message": self.refuse}]}
        mode = asked.get("duplicateResolutionMode", "APPEND_UUID")
        if self.files_named(asked["filename"]) and mode == "APPEND_UUID":
            asked["filename"] = f"{uuid.uuid4()}-{asked['filename']}"
        elif self.files_named(asked["filename"]):
            error = {"code": "FILENAME_ALREADY_EXISTS", "message": "the name is taken"}
            return {"files": [], "userErrors": [error]}
        content = self.staged[asked["originalSource"].partition("/staged/")[2]]
        file = self.add_file(asked["filename"], asked["alt"], content)
        self.files[file] |= {"status": "PROCESSING", "polls": self.polls}
        return {"files": [self._file(file)], "userErrors": []}

    def fileUpdate(self, info: GraphQLResolveInfo, files: list[dict[str, Any]]) -> Any:
        for asked in files:
            file = self.files.get(asked["id"])
            if file is None:
                error = {"code": "FILE_DOES_NOT_EXIST", "message": f"File id {asked['id']} does not exist."}
                return {"files": [], "userErrors": [error]}
            if file["status"] != "READY":
                return {"files": [], "userErrors": [{"code": "NON_READY_STATE", "message": "Non-ready files."}]}
        for asked in files:
            self.files[asked["id"]]["alt"] = asked.get("alt", self.files[asked["id"]]["alt"])
            for product in asked.get("referencesToAdd", []):
                if asked["id"] not in self.products[product]:
                    self.products[product].append(asked["id"])
            for product in asked.get("referencesToRemove", []):
                self.products[product].remove(asked["id"])
                for variant in self.variants.values():  # a variant has media of its product alone
                    if variant["product"] == product and asked["id"] in variant["media"]:
                        variant["media"].remove(asked["id"])
        return {"files": [self._file(asked["id"]) for asked in files], "userErrors": []}

    def fileDelete(self, info: GraphQLResolveInfo, fileIds: list[str]) -> Any:
        for file in fileIds:
            del self.files[file]
        return {"deletedFileIds": fileIds, "userErrors": []}

    def productReorderMedia(self, info: GraphQLResolveInfo, id: str, moves: list[dict[str, Any]]) -> Any:  # noqa: A002
        for move in moves:  # one after the other, as it says: "at the time this move is applied"
            self.products[id].remove(move["id"])
            self.products[id].insert(int(move["newPosition"]), move["id"])
        return {"job": {"id": f"{GID}/Job/1", "done": False}, "mediaUserErrors": []}

    def _file(self, file: str) -> dict[str, Any]:
        known = self.files[file]
        image = {"url": known["url"]} if known["status"] == "READY" else None
        kind = file.split("/")[-2]
        said = {"__typename": kind, "id": file, "alt": known["alt"], "fileStatus": known["status"]}
        errors = [{"code": "INVALID_IMAGE_RESOLUTION", "message": "too many pixels"}] if image is None else []
        return said | {"image": image, "fileErrors": errors}


class _Root:
    """Root fields of the schema, whose `files` is a search."""

    def __init__(self, shop: MockShopify) -> None:
        self._shop = shop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    def files(self, info: GraphQLResolveInfo, first: int, query: str) -> Any:
        name = re.fullmatch(r'filename:"(.*)"', query).group(1)
        return {"nodes": [self._shop._file(file) for file in self._shop.files_named(name)]}


def _media_error(code: str) -> dict[str, Any]:
    return {"userErrors": [{"code": code, "message": code.replace("_", " ").lower()}]}


def _json(value: Any) -> Said:
    return Said(200, json.dumps(value).encode(), {"Content-Type": "application/json"})
