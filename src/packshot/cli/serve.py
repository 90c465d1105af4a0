"""``packshot serve``: the pipeline over HTTP."""

from __future__ import annotations

from typing import Any

import click

from packshot.cli.options import settings_from
from packshot.errors import UsageError

__all__ = ["command"]


@click.command(name="serve")
@click.option("--host", metavar="ADDRESS", help="Where to listen; off loopback keys are needed. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="0 is a free one. [default: 8080]")
@click.option("--keys", metavar="FILE", help="Hashes of the keys that open the service.")
@click.option("--host-name", "hosts", multiple=True, metavar="NAME", help="A name it is called under; may be repeated.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that work on photos. [default: one per core]")
@click.option("--queue", type=click.IntRange(0, 10_000), help="Requests that may wait. [default: 32]")
@click.option("--deadline", "deadline_s", type=click.FloatRange(0.1), help="Seconds for one request. [default: 30]")
@click.option("--max-mb", "max_upload_megabytes", type=click.FloatRange(0.001), help="Largest photo. [default: 22]")
@click.option("--model", "models", multiple=True, metavar="NAME", help="A network that requests may name; repeatable.")
@click.option(
    "--run", "runs", multiple=True, metavar="[NAME=]OUT", help="Folder of a run to show and review; repeatable."
)
@click.option(
    "--catalogue", "catalogues", multiple=True, metavar="[NAME=]CATALOGUE", help="To be searched; repeatable."
)
@click.option("--state", metavar="FOLDER", help="Where jobs are kept; without it there are none.")
@click.option("--webhook-secrets", metavar="FILE", help="Secrets that sign webhooks; without it there are none.")
@click.option("--identity-header", metavar="NAME", help="Header in which a trusted proxy says who is asking.")
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Where that header is believed from, an address or a network. [default: this computer]",
)
@click.option("--fetch-urls", is_flag=True, help="Fetch photos from public addresses that requests name.")
@click.option("--threads", type=click.IntRange(1, 1024), help="Threads of one worker. [default: cores / workers]")
@click.option("--new-secret", is_flag=True, help="Make a secret for --webhook-secrets, print it, and end.")
@click.option("--new-key", metavar="NAME", help="Make a key, print it once with its line for --keys, and end.")
@click.option("--per-minute", type=click.IntRange(1, 9_999_999), help="With --new-key: requests the key allows.")
def command(new_secret: bool, new_key: str | None, per_minute: int | None, threads: int | None, **options: Any) -> int:
    """Serve over HTTP (extra: service): remove.bg's and rembg's addresses, and packshot's own under /v1.

    Closed by default: it listens on this computer alone, and elsewhere only with keys; it fetches no addresses and
    takes models and profiles by name from a list. SIGTERM lets requests in hand finish. docs/how-to/serving.md.

    \b
    packshot serve
    packshot serve --new-key studio --per-minute 60
    packshot serve --host 0.0.0.0 --keys keys.txt --workers 4 --queue 64
    """
    from pydantic import ValidationError

    from packshot.service import ServiceSettings, require_service
    from packshot.service import new_key as make_key
    from packshot.validation import first_problem

    if new_secret:
        from packshot.service.webhooks.signing import new_secret as make_secret

        click.echo(make_secret())
        return 0
    if new_key is not None:
        secret, key = make_key(new_key, per_minute=per_minute)
        click.echo(secret)
        click.echo(key.line)
        return 0
    if per_minute is not None:
        raise UsageError("--per-minute belongs to --new-key", remedy="packshot serve --new-key NAME --per-minute 60")
    require_service()
    from packshot.service.server import serve

    try:
        serving = ServiceSettings(**{name: value for name, value in options.items() if _given(value)})
    except ValidationError as error:
        name, problem = first_problem(error)
        raise UsageError(
            f"setting {name}: {problem}", remedy=f"correct the option or the variable PACKSHOT_SERVE_{name.upper()}"
        ) from error
    settings = settings_from(threads=threads)
    if threads is None and "threads" not in settings.model_fields_set:
        settings = settings.model_copy(update={"threads": max(1, settings.threads // serving.workers)})
    serve(settings, serving)
    return 0


def _given(value: Any) -> bool:
    """Whether an option was used; 0 is a port, and an empty queue."""
    return value is not None and value is not False and value != ()
