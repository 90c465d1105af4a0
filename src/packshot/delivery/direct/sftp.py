"""Files on an SFTP server; the only import of paramiko (extra ``sftp``)."""

from __future__ import annotations

import contextlib
import getpass
import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from packshot.addresses import split_address
from packshot.delivery.direct.credentials import optional_credential
from packshot.delivery.direct.settings import DeliverySettings
from packshot.errors import DeliveryError, ShopRefused, ShopUnreachable, UsageError
from packshot.extras import installing

try:
    import paramiko
except ImportError as missing:
    raise UsageError("SFTP needs paramiko, which is not installed", remedy=installing("sftp")) from missing

__all__ = ["SftpFiles"]

_HOW = "type sftp://USER@HOST/PATH"
_TEMPORARY = ".packshot-tmp"


class SftpFiles:
    """Files below a folder of an SFTP server; see `packshot.delivery.direct.remote_files.RemoteFiles`.

    The server's key must be known (``~/.ssh/known_hosts``). The user's come from the SSH agent and ``~/.ssh``; or a
    password from ``PACKSHOT_SFTP_PASSWORD`` or the keyring.

    Args:
        uri: ``sftp://user@host:port/path``; ``/~`` is the user's home, ``/~/path`` a folder below it.
        settings: how patiently it is asked.

    Raises:
        UsageError: the address is none, or a password stands in it.
        ShopRefused: the server does not take the key.
        ShopUnreachable: it does not answer, or is not the one that is known.
    """

    at_once = 1  # one connection, which is asked one thing at a time

    def __init__(self, uri: str, settings: DeliverySettings) -> None:
        parts = split_address(uri)
        if parts is None:
            raise UsageError(f"--to {uri}: no address", remedy=_HOW)
        host, port = parts.hostname, parts.port or 22
        if parts.password is not None:
            raise UsageError(
                f"--to sftp://...@{host}: a password does not belong into a command, where others may read it",
                remedy="set PACKSHOT_SFTP_PASSWORD, or use an SSH key",
            )
        if not host or parts.query or parts.fragment:
            raise UsageError(f"--to {uri}: no such server", remedy=_HOW)
        self._uri, self._settings = uri, settings
        self._host, self._port = host, port
        self._user = unquote(parts.username or "") or getpass.getuser()
        path = unquote(parts.path)
        # A path that does not begin with a slash is below the home: SFTP begins there.
        self._folder = path[2:].lstrip("/") if path == "/~" or path.startswith("/~/") else path or "/"
        self._client: paramiko.SSHClient | None = None
        self._open: paramiko.SFTPClient | None = None
        self._connect()

    def read(self, name: str) -> bytes | None:
        """See `RemoteFiles.read`."""
        with self._own_errors(name):
            try:
                with self._sftp.open(self._path(name), "rb") as file:
                    file.prefetch()
                    data: bytes = file.read()
                    return data
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """See `RemoteFiles.write`: under another name first, then renamed over it."""
        path = self._path(name)
        # The same name each time: what a kill leaves is written over by the next delivery.
        temporary = posixpath.join(posixpath.dirname(path), f".{posixpath.basename(path)}{_TEMPORARY}")
        with self._own_errors(name):
            self._make_folder(posixpath.dirname(path))
            try:
                with self._sftp.open(temporary, "wb") as file:
                    file.set_pipelined(True)
                    file.write(data)
                self._sftp.posix_rename(temporary, path)
            except BaseException:
                with contextlib.suppress(OSError, paramiko.SSHException, EOFError):
                    self._sftp.remove(temporary)
                raise

    def delete(self, name: str) -> None:
        """See `RemoteFiles.delete`."""
        with self._own_errors(name), contextlib.suppress(FileNotFoundError):
            self._sftp.remove(self._path(name))

    def close(self) -> None:
        """See `RemoteFiles.close`."""
        if self._client is not None:
            self._client.close()

    def _connect(self) -> None:
        client = paramiko.SSHClient()
        client.load_system_host_keys()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        password = optional_credential("PACKSHOT_SFTP_PASSWORD", self._uri)
        try:
            client.connect(
                self._host,
                self._port,
                self._user,
                password=None if password is None else password.get_secret_value(),
                timeout=self._settings.timeout_s,
                banner_timeout=self._settings.timeout_s,
                auth_timeout=self._settings.timeout_s,
                allow_agent=password is None,
                look_for_keys=password is None,
            )
            self._open = client.open_sftp()
        except (paramiko.AuthenticationException, paramiko.PasswordRequiredException):
            client.close()
            raise ShopRefused(
                f"{self._host} does not take the key of {self._user}",
                remedy="set PACKSHOT_SFTP_PASSWORD, or add an SSH key that the server knows",
            ) from None
        except paramiko.BadHostKeyException:
            client.close()
            raise ShopUnreachable(
                f"{self._host} shows another key than ~/.ssh/known_hosts has",
                remedy="ask its owner whether it was changed; then ssh-keygen -R and ssh-keyscan",
            ) from None
        except (paramiko.SSHException, OSError, EOFError) as error:
            client.close()
            if "not found in known_hosts" in str(error):
                raise ShopUnreachable(
                    f"{self._host} is not in ~/.ssh/known_hosts", remedy="connect once with ssh, and compare its key"
                ) from None
            raise ShopUnreachable(
                f"{self._host} cannot be reached ({type(error).__name__})", remedy="check host, port and network"
            ) from None
        self._client = client
        self._sftp.get_channel().settimeout(self._settings.timeout_s)

    @property
    def _sftp(self) -> paramiko.SFTPClient:
        if self._open is None:
            raise ShopUnreachable(f"{self._host}: no connection", remedy="deliver again")
        return self._open

    def _path(self, name: str) -> str:
        return posixpath.join(self._folder, name)

    def _make_folder(self, folder: str) -> None:
        try:
            self._sftp.stat(folder or ".")
        except FileNotFoundError:
            above = posixpath.dirname(folder)
            if above == folder:  # the root, or the home
                raise DeliveryError(
                    f"{self._host}: {folder or 'the home of the user'} is not there",
                    remedy="ask who runs the server, or name another path with --to",
                ) from None
            self._make_folder(above)
            self._sftp.mkdir(folder)

    @contextlib.contextmanager
    def _own_errors(self, name: str) -> Iterator[None]:
        """Errors of the connection as the project's own."""
        try:
            yield
        except PermissionError:
            raise DeliveryError(f"{self._uri}/{name} may not be written", remedy="allow it there") from None
        except (TimeoutError, paramiko.SSHException, EOFError, ConnectionError) as error:
            raise ShopUnreachable(
                f"{self._host}: the connection was lost ({type(error).__name__})",
                remedy="deliver again: what has arrived is not sent twice",
            ) from None
        except OSError as error:
            raise DeliveryError(f"{self._uri}/{name}: {error}", remedy="see the server's disk and limits") from None
