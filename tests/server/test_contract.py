"""Whatever the OpenAPI allows or forbids, the service answers as it says, and never with 5xx."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.server.conftest import bearer

SCHEMA = schemathesis.pytest.from_fixture("described")


@pytest.fixture
def described(kept):
    return schemathesis.openapi.from_url(f"{kept.base_url}/openapi.json")


@SCHEMA.parametrize()
@settings(
    max_examples=15,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_the_service_keeps_its_contract(case):
    case.call_and_validate(headers=bearer("all"))


def test_the_description_names_every_route(kept):
    paths = kept.get("/openapi.json").json()["paths"]
    assert {
        "/v1/reviews",
        "/v1/reviews/{name}",
        "/v1/records",
        "/v1/records/{name}/opinions",
        "/v1/gate",
        "/v1/rules",
        "/healthz",
        "/metrics",
    } <= paths.keys()
