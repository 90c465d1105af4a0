"""Where the training extra is not installed, its room and its tests are not collected (`make test-core`)."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["src/packshot/training/*", "tests/training/*"]
