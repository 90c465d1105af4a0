"""Where S3's credentials, region and endpoint come from: the environment, then ``~/.aws``.

What obstore finds itself (a web identity, a container's or a machine's role) it is left to find. Source: AWS SDKs and
Tools Reference Guide, "Shared config and credentials files" and "Service-specific endpoints" (2026).
"""

from __future__ import annotations

import configparser
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.errors import UsageError

if TYPE_CHECKING:
    from obstore.store import S3Config

__all__ = ["AwsProfile", "aws_profile"]


@dataclass(frozen=True, slots=True)
class AwsProfile:
    """What was found; empty where nothing was.

    Attributes:
        endpoint: URL of the service; empty for AWS itself.
        region: its name.
        key_id: of the access key, where a file had it; one of the environment is found by obstore.
        secret: of the access key.
        token: of a session.
    """

    endpoint: str = ""
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = ""
    token: str = ""

    @property
    def plain_http(self) -> bool:
        """Whether the endpoint is asked without TLS, as it was typed."""
        return self.endpoint.startswith("http://")

    def config(self) -> S3Config:
        """As obstore takes it."""
        config: S3Config = {"region": self.region}
        if self.endpoint:
            config["endpoint"] = self.endpoint
        if self.key_id:
            config["access_key_id"], config["secret_access_key"] = self.key_id, self.secret
        if self.token:
            config["session_token"] = self.token
        return config


def aws_profile() -> AwsProfile:
    """What environment and files say.

    Raises:
        UsageError: ``AWS_PROFILE`` names a profile that no file has, or a file is damaged.
    """
    asked = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")
    name = asked or "default"
    credentials = _section("AWS_SHARED_CREDENTIALS_FILE", "credentials", name)
    settings = _section("AWS_CONFIG_FILE", "config", name if name == "default" else f"profile {name}")
    if asked and not credentials and not settings:
        raise UsageError(
            f"AWS_PROFILE is {asked}, and neither ~/.aws/credentials nor ~/.aws/config has it",
            remedy="write it there (`aws configure --profile NAME`), or unset AWS_PROFILE",
        )
    found = settings | credentials
    from_environment = "AWS_ACCESS_KEY_ID" in os.environ
    return AwsProfile(
        endpoint=_first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT") or found.get("endpoint_url", ""),
        region=_first("AWS_REGION", "AWS_DEFAULT_REGION") or found.get("region", "") or "us-east-1",
        key_id="" if from_environment else found.get("aws_access_key_id", ""),
        secret="" if from_environment else found.get("aws_secret_access_key", ""),
        token="" if from_environment else found.get("aws_session_token", ""),
    )


def _first(*names: str) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def _section(variable: str, file: str, section: str) -> dict[str, str]:
    path = Path(os.environ.get(variable) or Path.home() / ".aws" / file)
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})", remedy="mend it, or name another file") from error
    return dict(parser[section]) if parser.has_section(section) else {}
