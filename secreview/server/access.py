"""Which client asks, and whether it may."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from secreview.server.problems import Problem
from secreview.server.service import Service
from secreview.server.tokens import LOCAL, Client, Scope, client_of

BEARER = HTTPBearer(auto_error=False, description="Token of a client")


def service_of(request: Request) -> Service:
    """Return the service that answers a request."""
    return cast(Service, request.app.state.service)


Serving = Annotated[Service, Depends(service_of)]


def client(
    request: Request, service: Serving, _: Annotated[object, Security(BEARER)] = None
) -> Client:
    """Return the client that asks; raise Problem (401) when it bears no token that is known.

    A service without tokens, which listens on loopback only, takes everybody for local.
    """
    if service.clients is None:
        return LOCAL
    known = client_of(request.headers.get("authorization", ""), service.clients)
    if known is None:
        raise Problem(401, headers={"www-authenticate": "Bearer"})
    request.state.client = known.name
    return known


def without_query(request: Request) -> None:
    """Raise Problem for a query where there is none: what is ignored is taken for granted."""
    if request.url.query:
        raise Problem(422, "query")


Asking = Annotated[Client, Depends(client)]


class May:
    """Gives the client that asks if it has a scope; raises Problem (403) otherwise."""

    def __init__(self, scope: Scope) -> None:
        """Take the scope that is needed."""
        self.scope = scope

    def __call__(self, asking: Asking) -> Client:
        """Return the client."""
        if self.scope not in asking.scopes:
            raise Problem(403, "scope")
        return asking


Reviewing = Annotated[Client, Depends(May(Scope.REVIEW))]
Opining = Annotated[Client, Depends(May(Scope.OPINION))]
Gating = Annotated[Client, Depends(May(Scope.GATE))]
Ruling = Annotated[Client, Depends(May(Scope.RULES))]
