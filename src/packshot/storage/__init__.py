"""Files that survive a kill: written whole (`atomic`), by one process at a time (`lock`), or line by line (`log`)."""

from packshot.storage.atomic import (
    atomic_file,
    ends_the_run,
    output_error,
    put_in_place,
    remove_stale,
    write_atomic,
)
from packshot.storage.hashing import sha256_of_file
from packshot.storage.lock import STATE_FOLDER, Lock, folder_lock, is_locked
from packshot.storage.log import AppendOnlyLog, parse_row, read_log
from packshot.storage.results import RESULT_LIST, listed_results, write_result
from packshot.storage.row_log import RowLog

__all__ = [
    "RESULT_LIST",
    "STATE_FOLDER",
    "AppendOnlyLog",
    "Lock",
    "RowLog",
    "atomic_file",
    "ends_the_run",
    "folder_lock",
    "is_locked",
    "listed_results",
    "output_error",
    "parse_row",
    "put_in_place",
    "read_log",
    "remove_stale",
    "sha256_of_file",
    "write_atomic",
    "write_result",
]
