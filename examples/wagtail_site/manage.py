"""Commands of the example site."""

import os
import sys

if __name__ == "__main__":
    settings = "bureau.test_settings" if "test" in sys.argv[1:2] else "bureau.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
