"""Where an extra is not installed, its room and its tests are not collected (`make test-core`)."""

from importlib.util import find_spec

_TRAINING = ["src/packshot/training/*", "tests/training/*"]
_COLLECTING = ["src/packshot/collecting/*"]
_SERVICE = ["src/packshot/service/*", "tests/service/*"]

collect_ignore_glob = [
    *([] if find_spec("torch") else _TRAINING),
    *([] if find_spec("scrapy") else _COLLECTING),
    *([] if find_spec("fastapi") else _SERVICE),
]
