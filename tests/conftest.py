"""Settings for all tests: no test is judged by how long it takes."""

import os

import pytest
from hypothesis import settings

settings.register_profile("secreview", deadline=None)
settings.load_profile("secreview")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return a worker more than cores: many tests wait for a server, a browser, a time limit."""
    return (os.cpu_count() or 1) + 1
