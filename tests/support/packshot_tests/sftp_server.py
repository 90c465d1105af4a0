"""An SFTP server on loopback (asyncssh's, not the client's library), below a folder, in a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

USER, PASSWORD = "anna", "correct horse battery staple"

_SERVER = """
import asyncio, sys, warnings
warnings.simplefilter("ignore")
import asyncssh
folder, user, state = sys.argv[1].encode(), sys.argv[2], {"password": sys.argv[3], "cut": None}
key = asyncssh.generate_private_key("ssh-ed25519")

class Doorman(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True
    def validate_password(self, username, password):
        return (username, password) == (user, state["password"])

class Files(asyncssh.SFTPServer):
    def __init__(self, channel):
        super().__init__(channel, chroot=folder)
        self._connection = channel.get_connection()
    def open(self, path, pflags, attrs):
        if pflags & asyncssh.FXF_WRITE and state["cut"] is not None:
            state["cut"] -= 1
            if state["cut"] < 0:
                self._connection.abort()
        return super().open(path, pflags, attrs)

async def serve():
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Doorman, server_host_keys=[key], sftp_factory=Files
    )
    print(server.get_port(), *key.export_public_key().decode().split()[:2], flush=True)
    while True:
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return
        name, _, value = line.strip().partition(" ")
        state[name] = (int(value) if value else None) if name == "cut" else value
        print("ok", flush=True)

asyncio.run(serve())
"""


class SftpServer:
    """A server.

    Attributes:
        port: that it listens on.
        known_hosts: the line that says it is known.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        port, kind, key = process.stdout.readline().split()
        self.port, self.known_hosts = int(port), f"[127.0.0.1]:{port} {kind} {key}\n"

    def tell(self, words: str) -> None:
        """``cut N``: after N writes connections are cut, ``cut``: no more; ``password X``: that it takes."""
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "ok\n"


@contextlib.contextmanager
def sftp_server(folder: Path) -> Iterator[SftpServer]:
    """Started and ended."""
    words = [sys.executable, "-c", _SERVER, str(folder), USER, PASSWORD]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield SftpServer(process)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.kill()
        process.wait()
