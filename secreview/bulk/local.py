"""Check many files, in this process or in several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from secreview.api import Options, check, fingerprint_key, unread
from secreview.errors import Damaged
from secreview.formats.protocol import Source
from secreview.model import Report


def check_files(files: Sequence[Path], options: Options, jobs: int = 1) -> Iterator[Report]:
    """Yield a report for each file, in their order; a process that dies leaves a gap."""
    if jobs <= 1 or len(files) <= 1:
        for file in files:
            yield check(file, options=options)
        return
    from concurrent.futures import ProcessPoolExecutor  # lazy: one file needs none of it
    from dataclasses import replace
    from multiprocessing import get_context

    keyed = replace(options, key=options.key or fingerprint_key(None))
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(check, file, options=keyed) for file in files]
        for file, future in zip(files, futures, strict=True):
            try:
                yield future.result()
            except Exception as error:  # the worker died: this file was not read
                yield failed(file, error, keyed)


def failed(file: Path, error: Exception, options: Options) -> Report:
    """Return the report on a file whose worker process failed."""
    from secreview.api import judge, rulebook_of

    cause = Damaged(f"the reading process failed: {type(error).__name__}")
    document = unread(Source(file.name, path=file), cause)
    rulebook = options.rulebook or rulebook_of()
    return judge(document, rulebook, shown=str(file), options=options)
