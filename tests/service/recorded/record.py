"""Record what real clients of remove.bg's API send, byte by byte; test_clients.py sends it again.

    npm install remove.bg@1.3.0                 # MIT
    pip install removebg==0.4 requests          # MIT, Apache-2.0
    python record.py                            # in a folder where both are at hand; curl too

Each client believes that it talks to remove.bg: its address is replaced, nothing else.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).parent
ANSWER = b'{"data": {"result_b64": ""}}'
KEY = "recorded"

NODE = """
const unirest = require("unirest"), post = unirest.post, client = require("remove.bg"), fs = require("fs");
unirest.post = () => post("http://127.0.0.1:PORT/v1.0/removebg");
const options = {apiKey: "recorded", size: "regular", type: "auto"};
const photo = fs.readFileSync("photo.png").toString("base64");
const calls = {
  file: () => client.removeBackgroundFromImageFile({...options, path: "photo.png", crop: true, scale: "50%"}),
  base64: () => client.removeBackgroundFromImageBase64({...options, base64img: photo, bg_color: "81d4fa"}),
  url: () => client.removeBackgroundFromImageUrl({...options, url: "https://example.com/photo.png"}),
};
calls[process.argv[1]]().catch(error => { console.error(error); process.exit(1); });
"""
PYTHON = """
import base64, sys
from removebg import removebg
removebg.API_ENDPOINT = "http://127.0.0.1:PORT/v1.0/removebg"
client = removebg.RemoveBg("recorded", "error.log")
photo = base64.b64encode(open("photo.png", "rb").read())
calls = {
    "file": lambda: client.remove_background_from_img_file("photo.png", bg_color="81d4fa"),
    "base64": lambda: client.remove_background_from_base64_img(photo),
    "url": lambda: client.remove_background_from_img_url("https://example.com/photo.png"),
}
calls[sys.argv[1]]()
"""
# The examples of remove.bg's own documentation, as of 2026-11.
REQUESTS = """
import requests
requests.post(
    "http://127.0.0.1:PORT/v1.0/removebg",
    files={"image_file": open("photo.png", "rb")},
    data={"size": "auto"},
    headers={"X-Api-Key": "recorded"},
)
"""
CURL = ["-H", "X-API-Key: recorded", "-F", "image_file=@photo.png", "-F", "size=auto", "-f", "-o", "no-bg.png"]


def record(name: str, command: list[str]) -> None:
    """Run a client against a socket, and write what it sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        heard: list[bytes] = []
        thread = threading.Thread(target=lambda: heard.append(hear(server)))
        thread.start()
        subprocess.run([part.replace("PORT", str(port)) for part in command], check=True)
        thread.join()
    data = heard[0].replace(f"127.0.0.1:{port}".encode(), b"127.0.0.1:8080")
    (HERE / f"{name}.http").write_bytes(data)
    print(name, len(data), "bytes")


def hear(server: socket.socket) -> bytes:
    """One request."""
    connection, _ = server.accept()
    with connection:
        data = b""
        while not whole(data):
            data += connection.recv(65_536)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}\r\n\r\n"
        connection.sendall(head.encode() + ANSWER)
    return data


def whole(data: bytes) -> bool:
    """Whether a request has arrived."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return False
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if fields.get(b"transfer-encoding") == b"chunked":
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(fields.get(b"content-length", b"0"))


def main() -> None:
    """All of them."""
    from packshot_tests.service import outlined

    modules = Path.cwd() / "node_modules"
    os.environ["NODE_PATH"] = str(modules)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("photo.png").write_bytes(outlined())
        for way in ("file", "base64", "url"):
            record(f"npm-remove.bg-1.3.0-{way}", ["node", "-e", NODE, way])
            record(f"pypi-removebg-0.4-{way}", [sys.executable, "-c", PYTHON, way])
        record("requests", [sys.executable, "-c", REQUESTS])
        record("curl", ["curl", "-s", *CURL, "http://127.0.0.1:PORT/v1.0/removebg"])


if __name__ == "__main__":
    main()
