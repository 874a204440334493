"""The self-test: each reader finds its word, and one that stopped to would be noticed."""

import pytest

from secreview.formats import READERS, sniff
from secreview.formats.protocol import Source
from secreview.formats.selftest import PROBES, Probe, is_found
from secreview.model import PartKind


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_the_word_of_each_probe_is_found_where_it_hides(probe):
    assert is_found(probe)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_a_probe_without_its_word_is_not_found(probe):
    empty = Probe(probe.name, lambda: probe.build().replace(b"selftest7391", b"x" * 12), probe.kind)
    assert not is_found(empty)


def test_a_probe_in_a_part_of_another_kind_is_not_found():
    probe = next(probe for probe in PROBES if probe.name == "a.docx")
    assert not is_found(probe._replace(kind=PartKind.BODY))


def test_the_probes_cover_every_reader_that_needs_no_extra():
    covered = {READERS[sniff.sniff(Source(p.name, data=p.build()))] for p in PROBES}
    names = ("ole", "metafile", "flat_office", "locked", "font")
    small = {f"secreview.formats.{name}" for name in names}
    assert set(READERS.values()) - covered <= small
