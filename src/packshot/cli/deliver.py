"""``packshot deliver``: a run's pictures to a folder, a ZIP, the file that a shop imports, or the shop itself."""

from __future__ import annotations

from pathlib import Path

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.delivered import delivering, rolled_back, told
from packshot.cli.options import JSON
from packshot.errors import UsageError

__all__ = ["command"]


@packshot_command("deliver")
def command(
    out: Path | None = argument("[OUT]", required=False),
    to: str | None = option(
        "--to",
        once=True,
        metavar="TARGET",
        help="folder:PATH, zip:FILE.zip, google:FILE.xml or .tsv, shopify:FILE.csv, woocommerce:FILE.csv; "
        "or straight to shopify://NAME.myshopify.com, woocommerce://HOST, s3://BUCKET/PATH, sftp://USER@HOST/PATH.",
    ),
    channel: tuple[str, ...] = option(
        "--channel",
        metavar="PROFILE",
        help="Only pictures of this profile; may be repeated. [default: all; of a feed or shop the one called like it]",
    ),
    dry_run: bool = option("--dry-run", help="Show what is new, changed, the same or gone; write nothing."),
    include_undecided: bool = option(
        "--include-undecided", help="Deliver as well what a person should look at and nobody has decided."
    ),
    base_url: str | None = option(
        "--base-url", metavar="URL", help="Where the folder of `--to folder:PATH` is on the web; feeds need it."
    ),
    link: str | None = option(
        "--link", metavar="URL", help="Address of a product's page, with {sku}, for Google's feed."
    ),
    language: str | None = option("--language", metavar="CODE", help="Of title and alt text. [default: the run's]"),
    roll_back: Path | None = option(
        "--roll-back", metavar="FILE", help="Let a shop's products show again what they showed before a delivery."
    ),
    certificate: Path | None = option(
        "--certificate",
        metavar="PEM",
        help="Sign each picture (C2PA Content Credentials) with this certificate chain.",
    ),
    key: Path | None = option("--key", metavar="PEM", help="The certificate's private key."),
    as_json: bool = JSON,
) -> int:
    """Deliver what a run made and persons decided; the next delivery brings only what changed.

    OUT is the folder `packshot run` wrote to, with --sku. What is rejected or undecided stays behind, and is named.
    What was written or published is read back. Exit code 3: some pictures could not be delivered; each is named.

    Keys of shops and servers come from the environment (PACKSHOT_SHOPIFY_TOKEN; PACKSHOT_WOOCOMMERCE_USER and
    PACKSHOT_WOOCOMMERCE_PASSWORD; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; PACKSHOT_SFTP_PASSWORD, or an SSH key)
    or the system's keyring (`keyring set packshot shopify://NAME.myshopify.com`).

    \b
    packshot deliver out/ --to folder:shop/ --dry-run
    packshot deliver out/ --to folder:shop/
    packshot deliver out/ --to zip:amazon.zip --channel amazon
    packshot deliver out/ --to google:feed.xml --base-url https://cdn.example/shop
    packshot deliver out/ --to shopify://my-shop.myshopify.com --channel amazon --dry-run
    packshot deliver out/ --to shopify://my-shop.myshopify.com --channel amazon
    packshot deliver out/ --to s3://my-bucket/shop
    packshot deliver out/ --to folder:shop/ --certificate chain.pem --key key.pem
    packshot deliver --roll-back out/delivery/roll-back/shopify-20261129T081500000000Z.jsonl
    """
    from packshot.delivery import Addresses, Wishes

    if roll_back is not None:
        if out is not None or to is not None:
            raise UsageError("--roll-back names the shop itself", remedy="leave out OUT and --to")
        return rolled_back(roll_back, dry_run=dry_run, as_json=as_json)
    if out is None or to is None:
        raise UsageError("nothing to deliver", remedy="packshot deliver OUT --to TARGET (see --help)")
    wishes = Wishes(
        channels=channel,
        include_undecided=include_undecided,
        language=language,
        addresses=Addresses(base_url, link),
        dry_run=dry_run,
        credentials=_credentials(certificate, key),
    )
    with delivering(out, to, wishes) as each:
        return told(each, out, dry_run=dry_run, as_json=as_json)


def _credentials(certificate: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if (certificate is None) != (key is None):
        raise UsageError("--certificate and --key belong together", remedy="name both, or neither")
    return None if certificate is None or key is None else (certificate, key)
