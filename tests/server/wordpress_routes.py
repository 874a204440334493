"""Every way by which something goes live in WordPress, and what becomes of a leak there.

Each route takes a text to its end and gives the number of the post, or of nothing when the route
refuses. The page on WordPress shows the table that ``table`` makes of them.
"""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from tests.server.wordpress import Site

PUBLISH = {"title": "通报", "status": "publish"}
CLEAN = "八个断面全部达标。"


class Leak(StrEnum):
    """What becomes of a leak that is to go live."""

    BEFORE = "waits as pending; it was never public"
    AFTER = "taken back to pending in the same request"
    REFUSED = "refused, with the reason"
    HIDDEN = "its page is private; the file was checked when it came"


class Route(NamedTuple):
    """One way: what it is, how it is gone, and what becomes of a leak."""

    what: str
    go: Callable[[Site, str], int]
    leak: Leak = Leak.BEFORE


def quoted(value: Any) -> str:
    """Return a value as PHP."""
    text = json.dumps(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"json_decode('{text}', true)"


def insert(site: Site, **fields: Any) -> int:
    post = {"post_title": "通报", **fields}
    return int(site.php(f"return wp_insert_post(wp_slash({quoted(post)}));"))


def draft(site: Site, text: str, **fields: Any) -> int:
    return insert(site, post_content=text, post_status="draft", **fields)


def store(site: Site, post: int, **fields: Any) -> None:
    """Change a post behind the back of WordPress."""
    site.php(
        f"global $wpdb; $wpdb->update($wpdb->posts, {quoted(fields)}, ['ID' => {post}]);"
        f"clean_post_cache({post}); return 1;"
    )


def rest(site: Site, path: str, **body: Any) -> int:
    answer = site.rest("POST", path, json=body)
    return int(answer.json()["id"]) if answer.is_success else 0


def rest_new(site: Site, text: str) -> int:
    return rest(site, "/wp/v2/posts", **PUBLISH, content=text)


def rest_draft(site: Site, text: str) -> int:
    return rest(site, f"/wp/v2/posts/{draft(site, text)}", status="publish")


def rest_edit(site: Site, text: str) -> int:
    with site.reachable():
        post = insert(site, post_content=CLEAN, post_status="publish")
    assert site.is_public(post)
    (site.folder / "seen.txt").write_text("", "utf-8")
    return rest(site, f"/wp/v2/posts/{post}", content=f"<p>{text}</p>")


def rest_tag(site: Site, text: str) -> int:
    tag = int(site.php(f"return wp_create_term({quoted(f'水质 {text}')})['term_id'];"))
    return rest(site, "/wp/v2/posts", **PUBLISH, content=CLEAN, tags=[tag])


def rest_page(site: Site, text: str) -> int:
    return rest(site, "/wp/v2/pages", **PUBLISH, content=text)


def rest_block(site: Site, text: str) -> int:
    return rest(site, "/wp/v2/blocks", **PUBLISH, content=text)


def classic(site: Site, text: str) -> int:
    post = draft(site, CLEAN)
    nonce = site.nonce("_wpnonce", "post.php", post=post, action="edit")
    form = {"action": "editpost", "post_ID": post, "post_type": "post", "_wpnonce": nonce,
            "post_title": "通报", "content": text, "publish": "Publish", "post_status": "publish",
            "original_post_status": "draft"}  # fmt: skip
    assert site.client.post("/wp-admin/post.php", data=form).status_code == 302
    return post


def quick(site: Site, text: str) -> int:
    post = draft(site, text)
    form = {"action": "inline-save", "post_ID": post, "post_type": "post", "post_title": "通报",
            "_inline_edit": site.nonce("_inline_edit", "edit.php"), "_status": "publish",
            "post_view": "list", "screen": "edit-post", "edit_date": "", "post_name": "a",
            "post_author": "1", "comment_status": "closed", "ping_status": "closed",
            "mm": "01", "jj": "02", "aa": "2026", "hh": "10", "mn": "00", "ss": "00"}  # fmt: skip
    assert site.client.post("/wp-admin/admin-ajax.php", data=form).status_code == 200
    return post


def bulk(site: Site, text: str) -> int:
    post = draft(site, text)
    query = {"post_type": "post", "action": "edit", "bulk_edit": "Update", "post[]": post,
             "_status": "publish", "_wpnonce": site.nonce("_wpnonce", "edit.php"),
             "post_author": "-1", "comment_status": "", "ping_status": ""}  # fmt: skip
    assert site.client.get("/wp-admin/edit.php", params=query).status_code == 302
    return post


def xmlrpc_new(site: Site, text: str) -> int:
    server = xmlrpc.client.ServerProxy(f"{site.url}/xmlrpc.php")
    body = {"post_title": "通报", "post_content": text, "post_status": "publish"}
    return int(str(server.wp.newPost(1, "editor", "password", body)))


def plugin_insert(site: Site, text: str) -> int:
    return insert(site, post_content=text, post_status="publish")


def plugin_update(site: Site, text: str) -> int:
    post = draft(site, text)
    site.php(f"return wp_update_post(['ID' => {post}, 'post_status' => 'publish']);")
    return post


def plugin_publish(site: Site, text: str) -> int:
    post = draft(site, text)
    site.php(f"wp_publish_post({post}); return 1;")
    return post


def field(site: Site, text: str) -> int:
    return insert(site, post_content=CLEAN, post_status="publish", meta_input={"来源": text})


def excerpt(site: Site, text: str) -> int:
    return insert(site, post_content=CLEAN, post_status="publish", post_excerpt=text)


def scheduled(site: Site, text: str) -> int:
    when = {"post_date": "2099-01-02 10:00:00", "post_date_gmt": "2099-01-02 02:00:00"}
    return insert(site, post_content=text, post_status="future", **when)


def schedule(site: Site, text: str) -> int:
    """Schedule a post, and let its time come when it was scheduled at all."""
    post = scheduled(site, text)
    if site.status(post) == "future":
        due(site, post)
    return post


def schedule_changed(site: Site, text: str) -> int:
    """Schedule what is clear; before its time comes it becomes something else."""
    with site.reachable():
        post = scheduled(site, CLEAN)
    store(site, post, post_content=text)
    due(site, post)
    return post


def due(site: Site, post: int) -> None:
    store(site, post, post_date="2026-01-02 10:00:00", post_date_gmt="2026-01-02 02:00:00")
    site.php(f"do_action('publish_future_post', {post}); return 1;")


def revision(site: Site, text: str) -> int:
    """Publish what is clear, then go back to a revision that was written before."""
    post = draft(site, "未定稿")
    site.php(
        f"return wp_update_post(wp_slash(['ID' => {post}, 'post_content' => {quoted(text)}]));"
    )
    site.php(
        f"return wp_update_post(['ID' => {post}, 'post_content' => '', 'post_status' => 'draft']);"
    )
    store(site, post, post_status="publish")
    code = (
        f"return array_values(wp_list_pluck(wp_get_post_revisions({post}), 'post_content', 'ID'));"
    )
    assert text in site.php(code)
    site.php(
        f"foreach (wp_get_post_revisions({post}) as $revision) "
        f"if ($revision->post_content === {quoted(text)}) wp_restore_post_revision($revision->ID);"
        "return 1;"
    )
    return post


def attachment(site: Site, text: str) -> int:
    """Link to a file that lay in the folder of uploads before."""
    folder = site.folder / "wp-content" / "uploads" / "2025"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "名单.txt").write_text(text, "utf-8")
    link = f'<a href="{site.url}/wp-content/uploads/2025/%E5%90%8D%E5%8D%95.txt">名单</a>'
    return rest_new(site, f"<p>{CLEAN}</p>{link}")


def media(site: Site, text: str) -> int:
    head = {"content-disposition": 'attachment; filename="list.txt"', "content-type": "text/plain"}
    answer = site.rest("POST", "/wp/v2/media", content=text.encode(), headers=head)
    return int(answer.json()["id"]) if answer.is_success else 0


def media_form(site: Site, text: str) -> int:
    nonce = site.nonce("_wpnonce", "media-new.php")
    form = {"action": "upload-attachment", "_wpnonce": nonce, "name": "list.txt"}
    file = {"async-upload": ("list.txt", text.encode(), "text/plain")}
    answer = site.client.post("/wp-admin/async-upload.php", data=form, files=file).json()
    return int(answer["data"]["id"]) if answer["success"] else 0


def media_xmlrpc(site: Site, text: str) -> int:
    server = xmlrpc.client.ServerProxy(f"{site.url}/xmlrpc.php")
    file = {"name": "list.txt", "type": "text/plain", "bits": xmlrpc.client.Binary(text.encode())}
    try:
        made: Any = server.wp.uploadFile(1, "editor", "password", file)
    except xmlrpc.client.Fault:
        return 0
    return int(made["id"])


def media_sideload(site: Site, text: str) -> int:
    code = (
        f"$file = wp_tempnam('list.txt'); file_put_contents($file, {quoted(text)});"
        "$made = media_handle_sideload(['name' => 'list.txt', 'tmp_name' => $file]);"
        "return is_wp_error($made) ? 0 : $made;"
    )
    return int(site.php(code))


def caption(site: Site, text: str) -> int:
    with site.reachable():
        post = media(site, CLEAN)
    (site.folder / "seen.txt").write_text("", "utf-8")
    return rest(site, f"/wp/v2/media/{post}", caption=text) if post else 0


ROUTES = (
    Route("block editor or REST: a new post", rest_new),
    Route("block editor or REST: a draft is published", rest_draft),
    Route("block editor or REST: a published post is edited", rest_edit),
    Route("block editor or REST: a tag", rest_tag, Leak.AFTER),
    Route("block editor or REST: a page", rest_page),
    Route("block editor or REST: a reusable block", rest_block),
    Route("classic editor", classic),
    Route("quick edit", quick),
    Route("bulk edit", bulk),
    Route("XML-RPC `wp.newPost`", xmlrpc_new),
    Route("a plugin: `wp_insert_post`", plugin_insert),
    Route("a plugin: `wp_update_post`", plugin_update),
    Route("a plugin: `wp_publish_post`", plugin_publish, Leak.AFTER),
    Route("a custom field", field),
    Route("an excerpt", excerpt),
    Route("scheduled", schedule),
    Route("scheduled, and another one by the time it is due", schedule_changed),
    Route("a revision is restored", revision),
    Route("a link to a file in the folder of uploads", attachment),
    Route("upload by REST", media, Leak.REFUSED),
    Route("upload in the media library", media_form, Leak.REFUSED),
    Route("upload by XML-RPC", media_xmlrpc, Leak.REFUSED),
    Route("upload by `media_handle_sideload`", media_sideload, Leak.REFUSED),
    Route("caption of an attachment", caption, Leak.HIDDEN),
)


def table() -> str:
    """Return what becomes of a leak by each route, as a table in Markdown."""
    rows = [f"| {route.what} | {route.leak} |" for route in ROUTES]
    return "\n".join(["| way to go live | a leak |", "| --- | --- |", *rows]) + "\n"
