"""``python -m benchmarks.fuzz [SECONDS] [FOLDER …]``: damaged files must give a Document or a ReadError.

Files of the folders (the examples without any) are damaged at random, members of containers from
inside, and read in this process. What else is raised, or takes over ten seconds, is printed with
the seed that makes it again.
"""

import io
import random
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from secreview.api import read
from secreview.errors import ReadError

EXAMPLES = Path(__file__).parents[1] / "examples"
SLOW = 10.0  # seconds
LARGEST = 2_000_000  # bytes of a file that is worth damaging
STRANGE = (b"\0", b"\xff" * 4, b"<", b"]]>", b"-1", b"9" * 20, b"../", b"&x;", b"<<", b"(", b"{\\")


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return bytes changed in a few places."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(6):
            case 0:
                del made[at:]
            case 1:
                del made[at : at + chance.randrange(1, 64)]
            case 2:
                made[at:at] = chance.choice(STRANGE)
            case 3:
                made[at:at] = made[max(0, at - chance.randrange(1, 400)) : at]
            case 4:
                made[at : at + 4] = chance.randbytes(4)
            case _:
                if at < len(made):
                    made[at] ^= 1 << chance.randrange(8)
    return bytes(made)


def inside(data: bytes, chance: random.Random) -> bytes:
    """Return a container one of whose members is damaged; other files are damaged as they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        return damaged(data, chance)
    if not members:
        return damaged(data, chance)
    chosen = chance.randrange(len(members))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, (name, held) in enumerate(members):
            archive.writestr(name or "x", damaged(held, chance) if number == chosen else held)
    return made.getvalue()


def samples(folders: list[Path]) -> Iterator[Path]:
    """Yield the files that are small enough."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and 0 < path.stat().st_size <= LARGEST:
                yield path


def fault(data: bytes, name: str) -> str:
    """Return what is wrong with reading the bytes, or nothing."""
    start = time.perf_counter()
    try:
        read(data=data, name=name)
    except ReadError:
        pass
    except Exception:  # whatever else is raised is what is looked for
        return traceback.format_exc(limit=-2)
    took = time.perf_counter() - start
    return f"took {took:.0f} s" if took > SLOW else ""


def main() -> int:
    """Damage and read until the time is over."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    paths = list(samples([Path(name) for name in sys.argv[2:]] or [EXAMPLES]))
    tried: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    end = time.monotonic() + seconds
    seed = 0
    while time.monotonic() < end:
        seed += 1
        chance = random.Random(seed)
        path = chance.choice(paths)
        way = chance.choice((damaged, inside))
        wrong = fault(way(path.read_bytes(), chance), path.name)
        tried[path.suffix.lower()] += 1
        if wrong and not faults[wrong]:
            print(f"seed {seed}, {path.name}: {wrong}", flush=True)
        faults[wrong] += bool(wrong)
    print(", ".join(f"{suffix or 'no suffix'} {count}" for suffix, count in tried.most_common()))
    print(f"{tried.total()} damaged files, {faults.total()} faults")
    return 1 if faults.total() else 0


if __name__ == "__main__":
    sys.exit(main())
