"""A server on this machine for what pages fetch from the web: a shop, cars for rent, published networks."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image

__all__ = ["site"]

PHOTOS = Path(__file__).parents[1] / "src" / "packshot" / "demo" / "photos"
PRODUCTS = {"red-shoe": ("sneakers", "Shoes"), "blue-cap": ("cap", "Hats"), "long-dress": ("dress", "Dresses")}
MAKES = {"BMW": "jacket", "Dacia": "jeans"}
EACH = 20  # of a kind: enough for each split to have some


def _pages() -> dict[str, bytes]:
    """Path -> what is answered."""
    pages, links, entries, cars = dict[str, bytes](), "", "", ""
    for product, (photo, category) in PRODUCTS.items():
        for number in range(EACH):
            name = f"{product}-{number}" if number else product
            pages[f"/img/{name}.jpg"] = _photo(photo, number)
            stated = {"@type": "Product", "name": name, "sku": name, "category": category, "image": f"/img/{name}.jpg"}
            data = json.dumps({"@context": "https://schema.org", **stated})
            pages[f"/p/{name}"] = f'<html><script type="application/ld+json">{data}</script></html>'.encode()
            links += f'<a href="/p/{name}">{name}</a>'
            entries += f"<url><loc>{{host}}/p/{name}</loc></url>"
    for make, photo in MAKES.items():
        for number in range(EACH):
            pages[f"/img/{make}-{number}.jpg"] = _photo(photo, number)
            cars += f'<li class="car" data-id="{make}-{number}"><h3>A {make}</h3><b class="make">{make}</b>'
            cars += f'<span class="class">car</span><img src="/img/{make}-{number}.jpg"></li>'
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return pages | {
        "/": f"<html><body>{links}</body></html>".encode(),
        "/sitemap.xml": f'<urlset xmlns="{namespace}">{entries}</urlset>'.encode(),
        "/fleet": f"<html><body><ul>{cars}</ul></body></html>".encode(),
    }


def _photo(name: str, number: int) -> bytes:
    """A photo of the demo as a small JPEG, another one for each number."""
    photo = Image.open(PHOTOS / f"{name}.jpg").convert("RGB")
    file = io.BytesIO()
    photo.crop((number, number, photo.width, photo.height)).resize((160, 160)).save(file, "JPEG")
    return file.getvalue()


@contextlib.contextmanager
def site(networks: Path | None) -> Iterator[str]:
    """Serve while the context lasts.

    Args:
        networks: folder whose ONNX files are served below ``/networks/`` by their names.

    Yields:
        The address, without a path.
    """
    pages = _pages()
    files = {} if networks is None else {f"/networks/{path.name}": path for path in networks.rglob("*.onnx")}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            body = files[self.path].read_bytes() if self.path in files else pages.get(self.path)
            self.send_response(404 if body is None else 200)
            if body is None:
                body = b"nothing here"
            elif self.path == "/sitemap.xml":
                body = body.replace(b"{host}", f"http://{self.headers['Host']}".encode())
            kinds = {"jpg": "image/jpeg", "xml": "application/xml", "onnx": "application/octet-stream"}
            self.send_header("Content-Type", kinds.get(self.path.rpartition(".")[2], "text/html"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # whoever asked has gone
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
