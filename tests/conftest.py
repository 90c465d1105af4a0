"""What all tests share: one core for each process, no training without torch, one Chromium, buckets, early starts."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from packshot_tests.ahead import Ahead, Ended
from packshot_tests.bucket_server import BucketServer, bucket_server
from packshot_tests.faulty_server import FaultyServer, faulty_server
from playwright.sync_api import Browser, expect, sync_playwright

# A process of tests has a core. More threads would wait for each other, and torch's burn a core while they wait: a
# training of 10 s took 33 s of processor time. Read when numpy and torch are imported, which no line above does.
for variable in ("PACKSHOT_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
#: The core is tested in an environment without the training extra.
collect_ignore = [] if find_spec("torch") else ["training"]
# How long an example or a page takes says how busy the machine is.
settings.register_profile("packshot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("packshot")
expect.set_options(timeout=30_000)
#: Where the tests are that take seconds each; they begin first, or the last of them would be waited for at the end.
LONGEST = ("tests/wheel/", "tests/training/", "tests/e2e/")
#: Programs that mostly wait, by the fixture that reads their result: they start first, and their tests run last.
AHEAD = {"ray_scenarios": "engines/ray_scenarios.py", "telemetry_runs": "runtime/telemetry_runs.py"}
HERE = Path(__file__).parent
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


ahead = Ahead()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (bool(programs(item)), not item.nodeid.startswith(LONGEST)))


def programs(item: pytest.Item) -> set[str]:
    """The programs that a test reads the end of."""
    return {AHEAD[name] for name in getattr(item, "fixturenames", ()) if name in AHEAD}


def pytest_collection_finish(session: pytest.Session) -> None:
    if not session.config.option.collectonly:
        for name in sorted({name for item in session.items for name in programs(item)}):
            ahead.start(HERE / name)


def pytest_unconfigure() -> None:
    ahead.stop()


@pytest.fixture(scope="session")
def ray_scenarios() -> Ended:
    return ahead.result(HERE / AHEAD["ray_scenarios"])


@pytest.fixture(scope="session")
def telemetry_runs() -> Ended:
    return ahead.result(HERE / AHEAD["telemetry_runs"])


def chromium() -> str | None:
    """``PACKSHOT_CHROMIUM``, or a browser found on the path."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("PACKSHOT_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found: install one, or name it in PACKSHOT_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def bucket_host() -> Iterator[BucketServer]:
    with bucket_server() as started:
        yield started


@pytest.fixture
def bucket(bucket_host: BucketServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URI of a new bucket, and this process's environment set to use it."""
    for name, value in bucket_host.environment.items():
        monkeypatch.setenv(name, value)
    return bucket_host.make()


@pytest.fixture
def faulty_store(bucket: str, bucket_host: BucketServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    """What this process and its workers ask in place of the bucket's server: it passes all on until it is told else."""
    with faulty_server(bucket_host) as started:
        monkeypatch.setenv("AWS_ENDPOINT_URL", started.address.endpoint)
        yield started
