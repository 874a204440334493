"""Settings of the tests: everything that is kept lies in a folder that goes away."""

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="bureau-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["BUREAU_VAR"] = FOLDER
os.environ["XDG_CONFIG_HOME"] = f"{FOLDER}/config"
os.environ["SECREVIEW_STORE"] = f"{FOLDER}/records.db"

from bureau.settings import *  # noqa: E402, F403


class Unmigrated(dict):
    """Makes tables straight from the models: the many migrations of Wagtail take long."""

    def __contains__(self, _):
        return True

    def __getitem__(self, _):
        return None


MIGRATION_MODULES = Unmigrated()
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "site_tests.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v3", "rest_framework"]  # noqa: F405
LOGGING = {"version": 1, "loggers": {"secreview": {"level": "CRITICAL"}}}
