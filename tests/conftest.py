"""Settings for all tests: no test is judged by how long it takes."""

import json
import os

import pytest
from filelock import FileLock
from hypothesis import settings

settings.register_profile("secreview", deadline=None)
settings.load_profile("secreview")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return a worker more than cores: many tests wait for a server, a browser, a time limit."""
    return (os.cpu_count() or 1) + 1


LONG = (
    "test_every_way_to_go_live_is_held",
    "test_a_harmful_file_is_never_clear",
    "test_two_hundred_reviews_at_once",
    "test_every_single_byte_of_a_small_database",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.name.startswith(LONG))


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Give a way to do costly work once for all workers: a function of a folder, to JSON values."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def done(name, work):
        kept = shared / f"once-{name}.json"
        with FileLock(shared / f"once-{name}.lock"):
            if not kept.exists():
                folder = shared / f"once-{name}"
                folder.mkdir()
                kept.write_text(json.dumps(work(folder)), "utf-8")
        return json.loads(kept.read_text("utf-8"))

    return done
