"""A WooCommerce shop on loopback, whose requests and answers are validated against the published description."""

from __future__ import annotations

import base64
import itertools
import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from packshot_tests.mock_shop import Asked, MockShop, Said

SPECIFICATION = Path(__file__).parents[2] / "delivery" / "woocommerce_v3.json"
USER, PASSWORD = "shop-manager", "abcd efgh ijkl mnop qrst uvwx"


class MockWooCommerce(MockShop):
    """Products by id, and a media library.

    Attributes:
        products: id to SKU, parent and the ids of what it shows; a variation has one picture at most.
        media: id to name, alt and address.
        password: that it takes.
        unlike: requests and answers that the description does not allow.
    """

    def __init__(self) -> None:
        super().__init__("woocommerce", {"PACKSHOT_WOOCOMMERCE_USER": USER, "PACKSHOT_WOOCOMMERCE_PASSWORD": PASSWORD})
        self.calls = json.loads(SPECIFICATION.read_text())["calls"]
        self.products: dict[int, dict[str, Any]] = {}
        self.media: dict[int, dict[str, Any]] = {}
        self.password = PASSWORD
        self.unlike: list[str] = []
        self._count = itertools.count(1)

    def add_product(self, sku: str, *, pictures: int = 0, parent: int = 0) -> int:
        product = next(self._count)
        images = [self.add_media(f"theirs-{next(self._count)}.jpg", b"theirs") for _ in range(pictures)]
        self.products[product] = {"sku": sku, "parent_id": parent, "images": images}
        return product

    def add_media(self, name: str, content: bytes) -> int:
        media = next(self._count)
        if any(known["name"] == name for known in self.media.values()):
            name = name.replace(".", "-1.")  # WordPress takes it without a word
        url = f"{self.url}/cdn/{name}" if content == b"theirs" else self.publish(name, content)
        self.media[media] = {"name": name, "alt": "", "url": url}
        return media

    def names(self, product: int) -> list[str]:
        return [self.media[each]["name"] for each in self.products[product]["images"]]

    def answer(self, asked: Asked) -> Said:
        if asked.path.startswith("/cdn/"):
            assert "authorization" not in asked.headers
            return self.show_published(asked)
        key = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {key}":
            return _json({"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list resources."}, 401)
        call = next((c for c in self.calls if c["method"] == asked.method and re.search(c["path"], asked.path)), None)
        if call is None:
            return _json({"code": "rest_no_route", "message": "No route was found."}, 404)
        self._validate(call["query"], dict(asked.query), asked)
        if "body" in call:
            self._validate(call["body"], json.loads(asked.body), asked)
        said = self._do(asked)
        if said.status < 300:
            self._validate(call["answer"], json.loads(said.body), asked)
        return said

    def _validate(self, schema: Any, value: Any, asked: Asked) -> None:
        errors = Draft202012Validator(schema).iter_errors(value)
        self.unlike += [f"{asked.method} {asked.path}: {error.message}" for error in errors]

    def _do(self, asked: Asked) -> Said:
        last = asked.path.rsplit("/", 1)[-1]
        if asked.method == "DELETE":
            del self.media[int(last)]
            for product in self.products.values():
                product["images"] = [each for each in product["images"] if each != int(last)]
            return _json({"deleted": True})
        if asked.method == "POST":
            name = re.search(r'filename="([^"]+)"', asked.headers["content-disposition"]).group(1)
            return _json(self._media(self.add_media(name, asked.body)), 201)
        if "/variations" in asked.path:
            return self._variations(asked)
        if last == "media" and "include" in asked.query:
            found = [each for each in self.media if str(each) in asked.query["include"].split(",")]
            return _json([self._media(each) | {"alt_text": self.media[each]["alt"]} for each in found])
        if last == "media":
            found = [each for each, known in sorted(self.media.items()) if asked.query["search"] in known["name"]]
            return _json([self._media(each) for each in found])
        if last == "products":
            skus = [*asked.query["sku"].split(","), asked.query["sku"]]
            return _json([self._product(each) for each, known in self.products.items() if known["sku"] in skus])
        product = self.products.get(int(last))
        if product is None:
            return _json({"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}, 404)
        if asked.method == "PUT":
            images = json.loads(asked.body)["images"]
            lost = [image["id"] for image in images if image["id"] not in self.media]
            if lost:
                message = f"#{lost[0]} is an invalid image ID."
                return _json({"code": "woocommerce_product_invalid_image_id", "message": message}, 400)
            product["images"] = [image["id"] for image in images]
            for image in images:
                self.media[image["id"]]["alt"] = image["alt"]
        return _json(self._product(int(last)))

    def _variations(self, asked: Asked) -> Said:
        parent, last = int(asked.path.split("/")[5]), asked.path.rsplit("/", 1)[-1]
        mine = [each for each, known in self.products.items() if known["parent_id"] == parent]
        if asked.method == "GET":
            named = [each for each in mine if str(each) in asked.query["include"].split(",")]
            return _json([self._variation(each, asked.query.get("context", "view")) for each in named])
        if int(last) not in mine:
            return _json({"code": "woocommerce_rest_product_variation_invalid_id", "message": "Invalid ID."}, 404)
        image = json.loads(asked.body)["image"]["id"]
        if image not in {0, *self.media}:
            message = f"#{image} is an invalid image ID."
            return _json({"code": "woocommerce_variation_invalid_image_id", "message": message}, 400)
        self.products[int(last)]["images"] = [image] if image else []
        return _json(self._variation(int(last), "edit"))

    def _variation(self, variation: int, context: str) -> dict[str, Any]:
        """As WooCommerce does: without a picture of its own, a variation shows its product's main one."""
        known = self.products[variation]
        shown = known["images"] or (self.products[known["parent_id"]]["images"][:1] if context == "view" else [])
        return {"id": variation, "image": self._images(shown)[0] if shown else None}

    def _product(self, product: int) -> dict[str, Any]:
        known = self.products[product]
        images = self._images(known["images"])
        return {"id": product, "sku": known["sku"], "parent_id": known["parent_id"], "images": images}

    def _images(self, media: list[int]) -> list[dict[str, Any]]:
        found = [(each, self.media[each]) for each in media]
        return [{"id": each, "src": known["url"], "name": known["name"], "alt": known["alt"]} for each, known in found]

    def _media(self, media: int) -> dict[str, Any]:
        return {"id": media, "source_url": self.media[media]["url"]}


def _json(value: Any, status: int = 200) -> Said:
    return Said(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
