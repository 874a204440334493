"""A real WordPress with the plugin: Debian's package, a MariaDB of our own, PHP's own web server.

``SECREVIEW_TEST_WORDPRESS`` names the unpacked files where the package is not installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.postgres import absent
from tests.server.conftest import TOKENS
from tests.server.test_command import free_port

VARIABLE = "SECREVIEW_TEST_WORDPRESS"
PLUGIN = Path(__file__).parent.parent.parent / "examples" / "wordpress" / "secreview"
PROGRAMS = ("php", "mariadbd", "mariadb-install-db")
LOADER = "<?php\nrequire __DIR__ . '/secreview/secreview.php';\n"
PROBE = """<?php // runs what a test sends, as another plugin would
if (($_SERVER['HTTP_X_PROBE'] ?? '') === 'probe') {
    add_action('wp_loaded', function () {
        require_once ABSPATH . 'wp-admin/includes/admin.php';
        wp_set_current_user((int) ($_SERVER['HTTP_X_USER'] ?? 1));
        header('Content-Type: application/json');
        echo wp_json_encode(eval(file_get_contents('php://input')));
        exit;
    });
}
add_action('transition_post_status', function ($new, $old, $post) {
    file_put_contents(ABSPATH . 'seen.txt', "$post->ID $new\n", FILE_APPEND);
}, PHP_INT_MIN, 3);
"""
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_ENVIRONMENT_TYPE', 'local'); define('FS_METHOD', 'direct');
foreach (json_decode(file_get_contents(__DIR__ . '/settings.json'), true) as $name => $value) {{
    define("SECREVIEW_$name", $value);
}}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """<?php
define('WP_INSTALLING', true);
require 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_new_blog_notification() {}
wp_install('示例', 'editor', 'editor@example.org', true, '', 'password');
update_option('default_comment_status', 'closed');
update_option('default_ping_status', 'closed');
foreach (['weather', 'news', 'plain'] as $slug) wp_insert_term($slug, 'category', ['slug' => $slug]);
"""
PASSWORD = (
    "return WP_Application_Passwords::create_new_application_password(1, ['name' => 't'])[0];"
)
FORM_VALUE = r'(?:id|name)="%s"[^>]*?value="([^"]*)"'


@dataclass
class Site:
    """A running site; ``client`` is an editor who has logged in."""

    url: str
    folder: Path
    client: httpx.Client = field(init=False)
    password: str = ""
    service: str = ""

    def set(self, **settings: Any) -> None:
        """Write the constants of the plugin."""
        whole = json.dumps({"TOKEN": TOKENS["all"], "OPEN": ["weather"], **settings})
        (self.folder / "settings.json").write_text(whole, "utf-8")

    @contextmanager
    def reachable(self) -> Iterator[None]:
        """Let the site reach its service for a moment, as it did before."""
        before = (self.folder / "settings.json").read_text("utf-8")
        self.set(URL=self.service)
        yield
        (self.folder / "settings.json").write_text(before, "utf-8")

    def php(self, code: str, user: int = 1) -> Any:
        """Return what some PHP gives that runs within the site."""
        head = {"x-probe": "probe", "x-user": str(user)}
        answer = httpx.post(f"{self.url}/", content=code.encode(), headers=head, timeout=60)
        try:
            return answer.json()
        except ValueError:
            raise AssertionError(f"{answer.status_code} {answer.text[:2000]}") from None

    def rest(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Return the answer of the REST interface to the editor."""
        return httpx.request(
            method, f"{self.url}/", params={"rest_route": path, **more.pop("params", {})},
            auth=("editor", self.password), timeout=60, **more,
        )  # fmt: skip

    def status(self, post: int) -> str:
        """Return the status of a post as stored."""
        return str(self.php(f"return get_post_field('post_status', {post});"))

    def is_public(self, post: int) -> bool:
        """Return whether a visitor who is nobody gets to see a post."""
        answer = httpx.get(f"{self.url}/", params={"rest_route": f"/wp/v2/posts/{post}"})
        return answer.status_code == 200

    def was_public(self, post: int) -> bool:
        """Return whether a post was ever stored as published, be it for a moment."""
        return f"{post} publish" in (self.folder / "seen.txt").read_text("utf-8").splitlines()

    def report(self, post: int) -> str:
        """Return why a post was held, as it is kept for its editors."""
        return str(self.php(f"return get_post_meta({post}, '_secreview_report', true);"))

    def page(self, path: str, **query: Any) -> str:
        """Return a page of the administration as the editor sees it."""
        return self.client.get(f"/wp-admin/{path}", params=query).text

    def nonce(self, name: str, path: str, **query: Any) -> str:
        """Return a nonce from a form of a page."""
        found = re.search(FORM_VALUE % name, self.page(path, **query))
        assert found is not None, name
        return found[1]


def files() -> Path:
    """Return where the files of WordPress lie; skip without, but fail where CI is set."""
    folder = Path(os.environ.get(VARIABLE, "/usr/share/wordpress"))
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing or not (folder / "wp-load.php").is_file():
        absent(f"needs WordPress (at {folder}) and {', '.join(PROGRAMS)}")
    return folder


@contextmanager
def wordpress(service: str) -> Iterator[Site]:
    """Give a site of its own whose plugin asks a service."""
    source = files()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="secreview-wp-")))
        socket = stack.enter_context(database(folder))
        url = f"http://127.0.0.1:{free_port()}"
        site = Site(url, folder / "site")
        shutil.copytree(source, site.folder, symlinks=True, ignore=shutil.ignore_patterns("*.map"))
        (site.folder / "wp-config.php").write_text(CONFIG.format(socket=socket, url=url), "utf-8")
        site.set(URL=service)
        php = ["php", "-d", "opcache.enable_cli=1", "-d", "upload_max_filesize=64M"]
        subprocess.run(php, cwd=site.folder, input=INSTALL.encode(), check=True)
        content = site.folder / "wp-content"
        shutil.copytree(PLUGIN, content / "mu-plugins" / "secreview")
        (content / "mu-plugins" / "secreview.php").write_text(LOADER, "utf-8")
        (content / "mu-plugins" / "probe.php").write_text(PROBE, "utf-8")
        server = subprocess.Popen(
            [*php, "-S", url.removeprefix("http://"), "-t", str(site.folder)],
            stdout=subprocess.DEVNULL, stderr=(folder / "php.log").open("wb"),
        )  # fmt: skip
        stack.callback(ended, server)
        wait(lambda: httpx.get(f"{url}/wp-login.php").status_code == 200)
        site.client = stack.enter_context(httpx.Client(base_url=url, timeout=60))
        site.client.cookies.set("wordpress_test_cookie", "WP Cookie check", domain="127.0.0.1")
        form = {"log": "editor", "pwd": "password", "testcookie": "1"}
        assert site.client.post("/wp-login.php", data=form).status_code == 302
        site.password = site.php(PASSWORD)
        yield site


@contextmanager
def database(folder: Path) -> Iterator[Path]:
    """Give the socket of a MariaDB that listens on nothing else."""
    data, socket = folder / "data", folder / "db.sock"
    own = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", *own, f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    (folder / "start.sql").write_text("CREATE DATABASE IF NOT EXISTS wordpress;\n")
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", *own, f"--datadir={data}", f"--socket={socket}",
         "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
         f"--init-file={folder / 'start.sql'}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait(socket.exists)
        yield socket
    finally:
        ended(server)


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait(is_done: Any, seconds: float = 60) -> None:
    """Wait until something is true; fail when it never is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if is_done():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail("did not start")
