"""``/v1/rules``: which rules apply."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from secreview.server.access import Ruling, Serving
from secreview.server.schemas import ALWAYS, RuleModel, RulesModel, RulesQuery, problems

ROUTER = APIRouter(tags=["rules"])


@ROUTER.get("/v1/rules", responses=problems(*ALWAYS, 422))
async def rules(service: Serving, _: Ruling, query: Annotated[RulesQuery, Query()]) -> RulesModel:
    """Return the rules of a profile, and the digest that reports name."""
    rulebook = (await service.profile(query.profile)).rulebook
    assert rulebook is not None
    rows = [
        RuleModel.model_validate(
            {
                "name": rule.name,
                "category": rule.category,
                "severity": rule.severity.value,
                "title": rule.title._asdict(),
                "suggest": rule.suggest._asdict(),
                "basis": list(rule.basis),
            }
        )
        for rule in rulebook.rules
    ]
    return RulesModel(digest=f"sha256:{rulebook.digest}", rules=rows)
