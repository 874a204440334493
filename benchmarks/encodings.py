"""``python -m benchmarks.encodings``: are Chinese texts in many encodings and lengths read right?

Right means: the text, or one of the other readings that are scanned too, is what was written.
"""

import sys
from itertools import product

from benchmarks import corpora
from secreview.formats.decode import decode

ENCODINGS = (
    "utf-8", "utf-8-sig", "gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
    "utf-32-le", "utf-32-be", "gb2312",
)  # fmt: skip
LENGTHS = (12, 60, 600, None)
TARGET = 178 / 180


def main() -> int:
    """Print how many samples are right, and each that is not."""
    right = first = total = 0
    for (name, text), encoding, length in product(corpora.texts(), ENCODINGS, LENGTHS):
        sample = text[:length]
        codec = encoding.removesuffix("-sig")
        sample = "".join(c for c in sample if encodes(c, codec))
        decoded = decode(sample.encode(encoding))
        readings = [
            t.lstrip("\ufeff") for t in (decoded.text, *dict(decoded.alternatives).values())
        ]
        total += 1
        first += readings[0] == sample
        if sample in readings:
            right += 1
        else:
            print(f"{name} {encoding} {length or 'all'}: read as {decoded.encoding}")
    print(f"{right} of {total} right, {first} at the first reading; target {TARGET:.3f}")
    return 0 if right >= TARGET * total else 1


def encodes(letter: str, codec: str) -> bool:
    """Return whether an encoding has a character."""
    try:
        letter.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
