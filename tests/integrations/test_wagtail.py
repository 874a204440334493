"""The tests of the example site, which run every way to go live, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SITE = ROOT / "examples/wagtail_site"


def manage(*arguments, **env):
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=SITE, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **env},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_every_way_to_go_live_is_held_or_found_and_the_docs_say_which():
    code, said = manage("test", "--noinput")
    assert code == 0, said[-4000:]
    assert "OK" in said


def test_the_migrations_are_those_of_the_models(tmp_path):
    code, said = manage("makemigrations", "--check", "--dry-run", BUREAU_VAR=str(tmp_path))
    assert code == 0, said


def test_importing_secreview_imports_neither_django_nor_wagtail():
    said = "import secreview, secreview.api, sys; print({'django', 'wagtail'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
