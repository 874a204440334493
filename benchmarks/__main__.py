"""``python -m benchmarks``: every speed goal as a ratio measured in one run.

The goals are ratios of two things measured in turn in the same process, so that they hold on any
machine. The command fails when one is missed.
"""

import sys

from benchmarks import engine, page, process, readers, records, service
from benchmarks.measure import Row


def main() -> int:
    """Print a row for each goal and return 1 when one is missed."""
    rows: list[Row] = []
    for measure in (
        engine.whole_rulebook,
        engine.patterns_alone,
        engine.normaliser,
        engine.equality,
        engine.many_words,
        engine.user_patterns,
        process.start,
        process.memory,
        readers.readers,
        records.records,
        service.service,
        page.page,
    ):
        for row in measure():
            rows.append(row)
            print(row.line(), flush=True)
    missed = [row for row in rows if not row.is_met]
    print(f"{len(rows) - len(missed)} of {len(rows)} goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
