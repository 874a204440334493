"""Whatever the OpenAPI allows or forbids, the service answers as it says, and never with 5xx."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.server.conftest import bearer

ROUTES = (
    ("GET", "/v1/rules"),
    ("GET", "/v1/reviews/{name}"),
    ("GET", "/v1/records/{name}"),
    ("GET", "/v1/records/{name}/certificate"),
    ("POST", "/v1/gate"),
    ("POST", "/v1/reviews"),
    ("POST", "/v1/records"),
    ("POST", "/v1/pages"),
    ("POST", "/v1/records/{name}/opinions"),
    ("POST", "/v1/records/{name}/waivers"),
    ("POST", "/v1/records/{name}/inspections"),
    ("POST", "/v1/records/{name}/publications"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
)
CHOOSY = ("/v1/rules", "/v1/reviews", "/v1/records", "/v1/pages")  # what is named has to exist
TRIED = settings(
    max_examples=12, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None
)


@pytest.fixture(scope="module")
def described(kept):
    return kept.get("/openapi.json").json()


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        (*route, mode)
        for route in ROUTES
        for mode in GenerationMode
        if route[1] != "/healthz" or mode is GenerationMode.POSITIVE  # nothing to get wrong
    ],
)
def test_the_service_keeps_its_contract(kept, described, method, path, mode):
    operation = schemathesis.openapi.from_dict(described)[path][method]

    @TRIED
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case):
        case.call_and_validate(
            base_url=str(kept.base_url),
            headers=bearer("all"),
            excluded_checks=[positive_data_acceptance] if path in CHOOSY else None,
        )

    holds()


def test_every_route_that_is_described_is_tried(described):
    found = {(method.upper(), path) for path, row in described["paths"].items() for method in row}
    assert found == set(ROUTES)
