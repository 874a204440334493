"""Compound files and the legacy office formats in them, as small as their readers accept."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
CUTOFF = 4096  # smaller streams would go to the mini stream: they are padded instead


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file of version 3; slashes in a name make storages."""
    paths = sorted(
        {"/".join(p.split("/")[:n]) for p in streams for n in range(1, p.count("/") + 2)}
    )
    entries = ["Root Entry", *paths]
    children: dict[str, list[int]] = {"Root Entry": []}
    for number, path in enumerate(entries[1:], 1):
        parent = path.rpartition("/")[0] or "Root Entry"
        children.setdefault(parent, []).append(number)
    sectors: list[bytes] = []
    fat: list[int] = []
    starts: dict[str, tuple[int, int]] = {}

    def store(data: bytes) -> int:
        first = len(sectors)
        count = max(1, -(-len(data) // SECTOR))
        for n in range(count):
            sectors.append(data[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0"))
            fat.append(first + n + 1 if n + 1 < count else END)
        return first

    for path, data in streams.items():
        padded = data.ljust(CUTOFF, b"\0") if len(data) < CUTOFF else data
        starts[path] = (store(padded), len(padded))
    directory = b""
    for number, path in enumerate(entries):
        own = children.get(path, [])
        siblings = children.get(path.rpartition("/")[0] or "Root Entry", []) if number else []
        at = siblings.index(number) if number in siblings else -1
        right = siblings[at + 1] if 0 <= at < len(siblings) - 1 else FREE
        child = own[0] if own else FREE
        kind = ROOT if not number else STREAM if path in streams else STORAGE
        first, size = starts.get(path, (END if not number else 0, 0))
        name = path.rpartition("/")[2].encode("utf-16-le")
        directory += name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, kind, 1)
        directory += struct.pack("<III", FREE, right, child) + b"\0" * 36
        directory += struct.pack("<IQ", first, size)
    directory_start = store(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0"))
    fat_sectors = -(-(len(fat) + 4) // 128)
    fat_start = len(sectors)
    fat += [FAT] * fat_sectors
    table = b"".join(struct.pack("<I", entry) for entry in fat)
    table = table.ljust(fat_sectors * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, directory_start, 0, CUTOFF, END, 0, END, 0)
    difat = [fat_start + n for n in range(fat_sectors)]
    header += b"".join(struct.pack("<I", n) for n in difat).ljust(436, b"\xff")
    return header + b"".join(sectors) + table


def squeezed(data: bytes) -> bytes:
    """Return bytes in the compressed container of macro sources ([MS-OVBA] 2.4.1), none copied."""
    out = b"\1"
    for start in range(0, len(data), 3000):
        piece = data[start : start + 3000]
        body = b"".join(b"\0" + piece[n : n + 8] for n in range(0, len(piece), 8))
        out += struct.pack("<H", 0xB000 | (len(body) - 1)) + body
    return out


def doc(
    body: str,
    *,
    stories: dict[int, str] | None = None,
    looks: dict[str, bytes] | None = None,
    slack: bytes = b"",
) -> bytes:
    """Return a Word 97 document.

    ``stories`` gives the sub-documents by their number (1 footnotes, 2 headers, 4 comments, 6 text
    boxes), ``looks`` the property changes of stretches of the body, ``slack`` what is left behind.
    """  # fmt: skip
    texts = [body, *((stories or {}).get(n, "") for n in range(1, 8))]
    text = "".join(texts)
    start = 0x800
    main = bytearray(start) + text.encode("utf-16-le") + slack
    main = bytearray(main.ljust(-(-len(main) // SECTOR) * SECTOR, b"\0"))
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<8i", main, 0x4C, *map(len, texts))
    plc = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, start, 0)
    clx = b"\2" + struct.pack("<I", len(plc)) + plc
    table = bytearray(clx)
    struct.pack_into("<II", main, 0x01A2, 0, len(clx))
    if looks:
        page_number = len(main) // SECTOR
        main += formatting(text, start, looks)
        bte = struct.pack("<III", start, start + 2 * len(text), page_number)
        struct.pack_into("<II", main, 0x00FA, len(table), len(bte))
        table += bte
    return compound({"WordDocument": bytes(main), "0Table": bytes(table)})


def formatting(text: str, start: int, looks: dict[str, bytes]) -> bytes:
    """Return a page of character formatting."""
    marks = sorted((text.index(part), part) for part in looks)
    bounds, changes, at = [0], [], 0
    for first, part in marks:
        if first > at:
            bounds.append(first)
            changes.append(b"")
        bounds.append(first + len(part))
        changes.append(looks[part])
        at = first + len(part)
    if at < len(text):
        bounds.append(len(text))
        changes.append(b"")
    page = bytearray(SECTOR)
    struct.pack_into(f"<{len(bounds)}I", page, 0, *(start + 2 * n for n in bounds))
    where = SECTOR - 2
    for number, change in enumerate(changes):
        if change:
            where = (where - len(change) - 1) // 2 * 2
            page[where] = len(change)
            page[where + 1 : where + 1 + len(change)] = change
            page[4 * len(bounds) + number] = where // 2
    page[SECTOR - 1] = len(changes)
    return bytes(page)


def msg(properties: dict[str, bytes]) -> bytes:
    """Return a message whose properties are given by tag and type, with a folder before them."""
    streams = {"__properties_version1.0": b"\0" * 32}
    for key, data in properties.items():
        folder, _, tag = key.rpartition("/")
        name = f"__substg1.0_{tag}"
        streams[f"{folder}/{name}" if folder else name] = data
    return compound(streams)


def record(kind: int, data: bytes, *, instance: int = 0, container: bool = False) -> bytes:
    """Return a record of a presentation."""
    return struct.pack("<HHI", instance << 4 | (15 if container else 0), kind, len(data)) + data


def ppt(slide: str, **places: str) -> bytes:
    """Return a presentation with one slide; ``places``: notes, comment."""

    def words(text: str) -> bytes:
        return record(0x0FA0, text.encode("utf-16-le"))

    data = record(0x03EE, words(slide), container=True)
    if "comment" in places:
        comment = record(0x0FBA, places["comment"].encode("utf-16-le"), instance=1)
        data += record(0x03EE, record(0x2EE0, comment, container=True), container=True)
    if "notes" in places:
        data += record(0x03F0, words(places["notes"]), container=True)
    return compound({"PowerPoint Document": data, "Current User": b"\0" * 20})
