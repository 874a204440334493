"""``python -m secreview``."""

from __future__ import annotations

import sys

from secreview.cli import main

if __name__ == "__main__":
    sys.exit(main())
