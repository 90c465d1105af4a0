"""``packshot serve``: the pipeline over HTTP."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.options import settings_from
from packshot.errors import UsageError

__all__ = ["command"]

_CHECK_S = 10.0  # for which a bucket that does not answer is asked, at the start


@dataclass(frozen=True)
class Serving:
    """Where and how requests are served; each a field of `packshot.service.ServiceSettings`."""

    host: str | None = option(
        "--host", metavar="ADDRESS", help="Where to listen; off loopback keys are needed. [default: 127.0.0.1]"
    )
    port: int | None = option("--port", type=click.IntRange(0, 65535), help="0 is a free one. [default: 8080]")
    keys: str | None = option("--keys", metavar="FILE", help="Hashes of the keys that open the service.")
    hosts: tuple[str, ...] = option("--host-name", metavar="NAME", help="A name it is called under; may be repeated.")
    workers: int | None = option(
        "--workers", type=click.IntRange(1, 256), help="Processes that work on photos. [default: one per core]"
    )
    queue: int | None = option("--queue", type=click.IntRange(0, 10_000), help="Requests that may wait. [default: 32]")
    deadline_s: float | None = option(
        "--deadline", type=click.FloatRange(0.1), help="Seconds for one request. [default: 30]"
    )
    max_upload_megabytes: float | None = option(
        "--max-mb", type=click.FloatRange(0.001), help="Largest photo. [default: 22]"
    )
    models: tuple[str, ...] = option(
        "--model", metavar="NAME|FILE", help="A network that requests may name, or a file of your own; repeatable."
    )
    runs: tuple[str, ...] = option(
        "--run", metavar="[NAME=]OUT", help="Folder of a run to show and review; repeatable."
    )
    catalogues: tuple[str, ...] = option("--catalogue", metavar="[NAME=]CATALOGUE", help="To be searched; repeatable.")
    state: str | None = option("--state", metavar="FOLDER", help="Where jobs are kept; without it there are none.")
    results: str | None = option(
        "--results",
        metavar="URI",
        help="Bucket for pictures of jobs that ask for it; keys from the environment.",
    )
    webhook_secrets: str | None = option(
        "--webhook-secrets", metavar="FILE", help="Secrets that sign webhooks; without it there are none."
    )
    identity_header: str | None = option(
        "--identity-header", metavar="NAME", help="Header in which a trusted proxy says who is asking."
    )
    tagged: str | None = option(
        "--tagged", metavar="FOLDER", help="Keep pictures of web pages that are tagged with the bookmark of /tag."
    )
    trusted_proxies: tuple[str, ...] = option(
        "--trusted-proxy",
        metavar="ADDRESS",
        help="Where that header is believed from, an address or a network. [default: this computer]",
    )
    fetch_urls: bool = option("--fetch-urls", help="Fetch photos from public addresses that requests name.")


@packshot_command("serve")
def command(
    *,
    serving: Serving,
    threads: int | None = option(
        "--threads", type=click.IntRange(1, 1024), help="Threads of one worker. [default: cores / workers]"
    ),
    new_secret: bool = option("--new-secret", help="Make a secret for --webhook-secrets, print it, and end."),
    new_key: str | None = option(
        "--new-key", metavar="NAME", help="Make a key, print it once with its line for --keys, and end."
    ),
    per_minute: int | None = option(
        "--per-minute", type=click.IntRange(1, 9_999_999), help="With --new-key: requests the key allows."
    ),
) -> None:
    """Serve over HTTP (extra: service): remove.bg's and rembg's addresses, and packshot's own under /v1.

    Closed by default: it listens on this computer alone, and elsewhere only with keys; it fetches no addresses and
    takes models and profiles by name from a list. SIGTERM lets requests in hand finish. docs/how-to/serving.md.

    \b
    packshot serve
    packshot serve --new-key studio --per-minute 60
    packshot serve --host 0.0.0.0 --keys keys.txt --workers 4 --queue 64
    """
    from packshot.service import ServiceSettings, require_service
    from packshot.service import new_key as make_key
    from packshot.validation import read_settings

    if new_secret:
        from packshot.service.webhooks.signing import new_secret as make_secret

        click.echo(make_secret())
        return
    if new_key is not None:
        secret, key = make_key(new_key, per_minute=per_minute)
        click.echo(f"{secret}\n{key.line}")
        return
    if per_minute is not None:
        raise UsageError("--per-minute belongs to --new-key", remedy="packshot serve --new-key NAME --per-minute 60")
    require_service()
    from packshot.service.own_model import with_own_models
    from packshot.service.server import serve
    from packshot.storage.objects import open_folder

    if serving.results is not None:
        open_folder(serving.results, retry_s=_CHECK_S).check()
    settings, service = with_own_models(settings_from(threads=threads), read_settings(ServiceSettings, asdict(serving)))
    serve(settings.shared_between(service.workers), service)
