"""``/review``: the page, what it sends, and the files it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from secreview.api.seat import Seat, Standing
from secreview.errors import ReviewError, SecreviewError, StoreError, UsageError
from secreview.outputs.as_read import chunks
from secreview.outputs.messages import known, message
from secreview.outputs.words import harmless
from secreview.server.page.doors import Doors, Visit
from secreview.server.page.listing import words_said
from secreview.server.page.view import Typed, heading, page_of, progress, unread_told
from secreview.server.problems import Problem, status_of

ROUTER = APIRouter(prefix="/review", include_in_schema=False)
HERE = Path(__file__).parent
STATIC = {"review.css": "text/css", "review.js": "text/javascript", "icon.svg": "image/svg+xml"}
COOKIE = "secreview"
LONGEST = 2000  # characters of a reason or remark
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # without it a form of this page would name no origin
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ACTIONS = {"uphold": "uphold", "waive": "waive", "undo": "retract"}
Words = Annotated[str, Form(max_length=LONGEST)]
Name = Annotated[str, Form(max_length=100)]
Result = TypeVar("Result")


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Return the templates; what they are given is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.globals |= {"heading": heading, "chunks": chunks}
    return made


def plain(text: str) -> str:
    """Return document text without control and bidi characters."""
    return text if text.replace("\u3000", " ").isprintable() else harmless(text)


def doors_of(request: Request) -> Doors:
    """Return the doors of the application that answers."""
    return cast(Doors, request.app.state.doors)


def cookie_name(request: Request) -> str:
    """Return the name of the cookie: cookies do not tell ports apart, names do."""
    return f"{COOKIE}-{request.url.port or 80}"


def visit_of(request: Request) -> Visit:
    """Return the visit that a request belongs to; raise Problem for none."""
    return doors_of(request).visit(request.cookies.get(cookie_name(request), ""))


def language(request: Request, visit: Visit | None) -> str:
    """Return the language of the page: as asked for, else as the browser prefers."""
    asked = request.query_params.get("lang", "")
    if asked in ("zh", "en"):
        if visit:
            visit.lang = asked
        return asked
    if visit and visit.lang:
        return visit.lang
    first = request.headers.get("accept-language", "zh").strip().lower()
    return "zh" if first.startswith(("zh", "*")) or not first else "en"


@ROUTER.get("/enter")
def enter(request: Request, ticket: str = "") -> Response:
    """Exchange a ticket for a cookie, and lead away from the address that holds it."""
    try:
        secret = doors_of(request).enter(ticket)
    except Problem as problem:
        return shut(request, problem)
    answer = RedirectResponse("/review/", 303, HEADERS)
    answer.set_cookie(
        cookie_name(request), secret, httponly=True, samesite="strict", path="/review",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


@ROUTER.get("/")
async def show(request: Request, only: Literal["", "open", "new"] = "") -> Response:
    """Return the page."""
    try:
        visit = visit_of(request)
    except Problem as problem:
        return shut(request, problem)
    await asyncio.to_thread(visit.seat.refresh)
    return await page(request, visit, only=only)


@ROUTER.get("/static/{name}")
def static(name: str) -> Response:
    """Return the style, the script or the picture of the page."""
    if name not in STATIC:
        raise Problem(404)
    data = (HERE / "static" / name).read_bytes()
    return Response(data, media_type=STATIC[name], headers=HEADERS)


@ROUTER.post("/dispose")
async def dispose(
    request: Request,
    proof: Name = "",
    action: Name = "",
    finding: Name = "",
    reason: Words = "",
    same: Name = "",
) -> Response:
    """Say of a finding that it is right, or may stand, or take back what was said."""

    def said(seat: Seat) -> tuple[str, ...]:
        if action not in ACTIONS:
            raise Problem(422, "action")
        if action == "undo":
            return seat.take_back(finding)
        if finding not in seat.by_id:
            raise Problem(422, "finding")
        least = seat.record.flow.reason_length
        if action == "waive" and len("".join(reason.split())) < least:
            en, zh = (message("page.reason-short", lang, n=least) for lang in ("en", "zh"))
            raise Problem(422, "reason", en=en, zh=zh)
        names = seat.alike(finding) if same else (finding,)
        return seat.dispose(names, ACTIONS[action], reason)

    typed = {"finding": finding, "reason": reason, "same": same}
    visit = visit_of(request)
    try:
        checked(visit, proof)
        changed = await asyncio.to_thread(said, visit.seat)
    except (SecreviewError, Problem) as error:
        return await refusal(request, visit, error, typed)
    doors_of(request).changed(visit.seat.record)
    if wants_json(request):
        return JSONResponse(changes(visit.seat, changed, language(request, visit)), 200, HEADERS)
    number = visit.seat.by_id[changed[0]] if changed else 0
    return RedirectResponse(f"/review/#i{number}", 303, HEADERS)


@ROUTER.post("/opinion")
async def opine(
    request: Request,
    proof: Name = "",
    stage: Name = "",
    decision: Name = "",
    remark: Words = "",
    ground: Name = "",
) -> Response:
    """Give the opinion of a stage on the version that is shown."""
    visit = visit_of(request)
    typed = {"stage": stage, "decision": decision, "remark": remark, "ground": ground}
    try:
        checked(visit, proof)
        await asyncio.to_thread(visit.seat.opine, **typed)
    except (SecreviewError, Problem) as error:
        return await refusal(request, visit, error, typed)
    doors_of(request).changed(visit.seat.record)
    return RedirectResponse("/review/#opinions", 303, HEADERS)


@ROUTER.get("/certificate")
def certificate(request: Request) -> Response:
    """Return the certificate that the record stands by, as a file."""
    seat = visit_of(request).seat
    envelope = seat.certificate()
    if envelope is None:
        raise Problem(404, "no-certificate")
    disposition = f'attachment; filename="certificate-{seat.record.id}.json"'
    headers = {**HEADERS, "content-disposition": disposition}
    return Response(envelope, media_type="application/json", headers=headers)


def checked(visit: Visit, proof: str) -> None:
    """Raise Problem (403) for a form that is not of this visit's page."""
    if not visit.is_proven(proof):
        raise Problem(403, "proof")


def wants_json(request: Request) -> bool:
    """Return whether the script of the page asks, rather than a form."""
    return "application/json" in request.headers.get("accept", "")


def changes(seat: Seat, changed: tuple[str, ...], lang: str) -> dict[str, Any]:
    """Return what has changed: number, standing and words of each, progress, what was not read."""
    standings, said = seat.standings(), words_said(seat, lang)
    done, total = progress(seat, standings)
    numbers = sorted(seat.by_id[name] for name in changed)
    rows = [[n, standings[n].value, said.get(seat.items[n].id, "")] for n in numbers]
    told = unread_told(seat, standings, lang)
    unread = asdict(told) if told else None
    return {"changed": rows, "done": done, "total": total, "unread": unread}


def shut(request: Request, problem: Problem) -> Response:
    """Return the page that says why this one does not open."""
    lang = language(request, None)
    words = message(f"serve.problem.{problem.name}", lang)
    made = templates().get_template("shut.html").render(lang=lang, words=words, t=words_in(lang))
    return Response(made, problem.status_code, HEADERS, "text/html")


async def refusal(
    request: Request, visit: Visit, error: SecreviewError | Problem, typed: dict[str, str]
) -> Response:
    """Return why something was refused; to a form with what was typed, nothing is lost."""
    await asyncio.to_thread(visit.seat.refresh)
    if wants_json(request):
        raise error
    status = error.status_code if isinstance(error, Problem) else status_of(error)
    lang = language(request, visit)
    return await page(request, visit, status=status, typed=Typed(told(error, lang), typed))


def told(error: SecreviewError | Problem, lang: str) -> str:
    """Return why something was refused, in words that hold nothing of the document."""
    match error:
        case ReviewError() | StoreError():
            return error.zh if lang == "zh" else str(error)
        case UsageError():
            return str(error)
        case Problem():
            key = f"serve.problem.{error.name}"
            words = error.zh if lang == "zh" else error.en
            return words or (message(key, lang) if known(key) else error.name)
    return message("serve.problem.internal", lang)


async def page(
    request: Request,
    visit: Visit,
    *,
    status: int = 200,
    only: str = "",
    typed: Typed | None = None,
) -> Response:
    """Return the page of a visit."""
    lang = language(request, visit)
    made = await asyncio.to_thread(rendered, visit, lang, only, typed or Typed())
    return Response(made, status, HEADERS, "text/html")


def rendered(visit: Visit, lang: str, only: str, typed: Typed) -> str:
    """Return the page as HTML."""
    with visit.seat.lock:
        shown = page_of(visit.seat, lang, visit.place)
    return templates().get_template("review.html").render(
        page=shown, t=words_in(lang), lang=lang, only=only, typed=typed, proof=visit.proof,
        has_changed=visit.has_changed(), Standing=Standing,
    )  # fmt: skip


def words_in(lang: str) -> Callable[..., str]:
    """Return a way to say messages in one language."""
    return lambda key, **values: message(key, lang, **values)
