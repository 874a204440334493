"""The plugin in a real WordPress: nothing goes live by any route that the service has not cleared."""

import time
from pathlib import Path

import pytest

from tests.server.conftest import bearer, running, with_records
from tests.server.test_records import say
from tests.server.test_reviews import NUMBER
from tests.server.wordpress import Site, wordpress
from tests.server.wordpress_routes import (
    CLEAN,
    PUBLISH,
    ROUTES,
    Leak,
    draft,
    insert,
    media,
    rest,
    rest_new,
    store,
    table,
)
from tests.spoiled import SPOILS, nowhere, spoiled
from tests.test_docs import ROOT

LEAK = f"身份证号：{NUMBER}"


@pytest.fixture(scope="module")
def service(own_keys, tmp_path_factory):
    with running(with_records(tmp_path_factory.mktemp("service"))) as client:
        yield client


@pytest.fixture(scope="module")
def whole(service):
    url = str(service.base_url).rstrip("/")
    with wordpress(url) as site:
        site.service = url
        yield site


@pytest.fixture
def site(whole):
    """Give the site with its service, and whatever a test changed put right."""
    whole.set(URL=whole.service)
    (whole.folder / "seen.txt").write_text("", "utf-8")
    return whole


def ids(route):
    return route.what


def is_held(site: Site, route, post: int) -> bool:
    if route.leak is Leak.REFUSED:
        return post == 0
    return site.status(post) == ("private" if route.leak is Leak.HIDDEN else "pending")


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_what_is_clear_goes_live(site, route):
    post = route.go(site, CLEAN)
    assert post
    assert site.status(post) in ("publish", "inherit")
    assert site.report(post) == ""


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_leak_is_held_as_the_table_says(site, route):
    post = route.go(site, LEAK)
    assert is_held(site, route, post)
    assert not post or site.was_public(post) == (route.leak is Leak.AFTER)
    if route.leak in (Leak.BEFORE, Leak.AFTER):
        assert not site.is_public(post)
        report = site.report(post)
        assert "Resident identity number" in report
        assert NUMBER not in report


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_service_that_is_down_lets_nothing_through(site, route):
    site.set(URL=nowhere())
    post = route.go(site, CLEAN)
    assert is_held(site, route, post), site.status(post)


@pytest.mark.parametrize("how", SPOILS)
def test_any_other_answer_holds_in_time(site, how):
    with spoiled(site.service, SPOILS[how]) as url:
        site.set(URL=url, SECONDS=1.5)
        started = time.monotonic()
        post = rest_new(site, f"<p>{CLEAN}</p>")
        assert time.monotonic() - started < 10
    assert site.status(post) == "pending"
    assert not site.was_public(post)
    assert "not published" in site.report(post)


def test_without_settings_nothing_goes_live(site):
    site.set()
    assert site.status(rest_new(site, CLEAN)) == "pending"


def category(site, *slugs):
    return [
        int(site.php(f"return get_term_by('slug', '{slug}', 'category')->term_id;"))
        for slug in slugs
    ]


def openings(site):
    return site.php(
        'return array_map(fn ($p) => "$p->post_title|$p->post_content", '
        "get_posts(['post_type' => 'secreview_opening', 'post_status' => 'private']));"
    )


def test_an_open_column_goes_out_with_a_note_when_nobody_can_tell(site):
    site.set(URL=nowhere())
    post = rest(
        site, "/wp/v2/posts", **PUBLISH, content=CLEAN, categories=category(site, "weather")
    )
    assert site.is_public(post)
    (noted,) = openings(site)
    assert noted.startswith("通报|weather")
    assert "cannot be reached" in noted
    assert "went out unreviewed" in site.page("index.php")
    site.php("foreach (get_posts(['post_type' => 'secreview_opening', 'post_status' => 'private']) "
             "as $p) wp_delete_post($p->ID, true); return 1;")  # fmt: skip
    assert "went out unreviewed" not in site.page("index.php")


@pytest.mark.parametrize("slugs", [["news"], ["weather", "news"], []])
def test_every_other_column_is_closed(site, slugs):
    site.set(URL=nowhere())
    body = {"categories": category(site, *slugs)} if slugs else {}
    post = rest(site, "/wp/v2/posts", **PUBLISH, content=CLEAN, **body)
    assert site.status(post) == "pending"
    assert openings(site) == []


def test_a_leak_is_held_in_an_open_column_too(site):
    post = insert(site, post_content=LEAK, post_status="publish",
                  post_category=category(site, "weather"))  # fmt: skip
    assert site.status(post) == "pending"
    with spoiled(site.service, lambda given: given if b'"block"' in given.body else None) as url:
        site.set(URL=url, PERSON="lin")  # the gate gives nonsense
        post = insert(site, post_content=LEAK, post_status="publish",
                      post_category=category(site, "weather"))  # fmt: skip
    assert site.status(post) == "pending"
    assert openings(site) == []


def test_an_opening_that_cannot_be_noted_holds(site):
    site.set(URL=nowhere())
    post = site.php(
        "add_filter('wp_insert_post_empty_content', fn ($is, $p) => $is || "
        "$p['post_type'] === 'secreview_opening', 10, 2);"
        "return wp_insert_post(['post_title' => 'a', 'post_content' => 'b', "
        f"'post_status' => 'publish', 'post_category' => {category(site, 'weather')}]);"
    )
    assert site.status(post) == "pending"
    assert "could not be noted" in site.report(post)


def test_the_editor_is_told_and_visitors_are_not(site):
    post = rest_new(site, LEAK)
    assert (
        "Resident identity number"
        in site.rest("GET", f"/wp/v2/posts/{post}", params={"context": "edit"}).json()["secreview"]
    )
    page = site.page("post.php", post=post, action="edit")
    assert "notice-error" in page
    assert "getCurrentPostAttribute" in page
    assert rest(site, f"/wp/v2/posts/{post}", content=CLEAN, status="publish") == post
    assert site.is_public(post)
    assert site.report(post) == ""
    assert "secreview" not in site.rest("GET", f"/wp/v2/posts/{post}").json()


def test_messages_are_chinese_for_chinese_editors(site):
    site.php("update_user_meta(1, 'locale', 'zh_CN'); return 1;")
    try:
        report = site.report(rest_new(site, LEAK))
    finally:
        site.php("delete_user_meta(1, 'locale'); return 1;")
    assert "保密审查未通过" in report
    assert "居民身份证号码" in report


def test_drafts_and_autosaves_are_nobodys_business(site):
    site.set(URL=nowhere())
    post = draft(site, LEAK)
    assert site.status(post) == "draft"
    assert rest(site, f"/wp/v2/posts/{post}/autosaves", content=LEAK + "。") == post
    assert site.status(post) == "draft"
    store(site, post, post_status="publish", post_content=CLEAN)
    site.rest("POST", f"/wp/v2/posts/{post}/autosaves", json={"content": LEAK})
    assert site.status(post) == "publish"
    assert NUMBER not in site.rest("GET", f"/wp/v2/posts/{post}").text


def test_a_missing_or_too_large_attachment_holds(site):
    post = draft(site, CLEAN)
    file = media(site, CLEAN)
    path = site.php(f"wp_update_post(['ID' => {file}, 'post_parent' => {post}]);"
                    f"return get_attached_file({file});")  # fmt: skip
    with Path(path).open("wb") as stream:
        stream.truncate(30 << 20)
    rest(site, f"/wp/v2/posts/{post}", status="publish")
    assert site.status(post) == "pending"
    assert "cannot be handed in" in site.report(post)
    site.php(f"unlink('{path}'); return 1;")
    rest(site, f"/wp/v2/posts/{post}", status="publish")
    assert site.status(post) == "pending"


def test_the_profile_of_a_column_is_the_one_that_applies(site):
    site.set(URL=site.service, PROFILES={"news": "no-such-profile"})
    post = insert(
        site, post_content=CLEAN, post_status="publish", post_category=category(site, "news")
    )
    assert "refused" in site.report(post)
    post = insert(
        site, post_content=CLEAN, post_status="publish", post_category=category(site, "plain")
    )
    assert site.is_public(post)


def test_what_people_approve_goes_live_and_no_other_bytes(site, service):
    site.set(URL=site.service, PERSON="lin")
    post = rest_new(site, "会议纪要：八个断面全部达标。")
    assert site.status(post) == "pending"
    report = site.report(post)
    assert "Handed in to people as record" in report
    name = report.rpartition("record ")[2].partition(".")[0]
    assert rest(site, f"/wp/v2/posts/{post}", status="publish") == post
    assert site.status(post) == "pending"
    assert "Handed in" not in site.report(post)  # once
    for stage, by in (("secrecy", "shao"), ("leader", "gu")):
        record = service.get(f"/v1/records/{name}", headers=bearer("all"))
        for found in record.json()["versions"][-1]["reports"][0]["findings"]:
            say(service, record.json(), "waivers", finding=found["id"], by=by, reason="已经定稿")
        answer = say(service, record.json(), "opinions", stage=stage, by=by)
        assert answer.status_code == 200, answer.text
    assert rest(site, f"/wp/v2/posts/{post}", status="publish") == post
    assert site.is_public(post)
    rest(site, f"/wp/v2/posts/{post}", content="会议纪要：九个断面全部达标。")
    assert site.status(post) == "pending"


def test_the_page_on_wordpress_shows_this_table():
    assert table() in (ROOT / "docs" / "wordpress.md").read_text("utf-8")
