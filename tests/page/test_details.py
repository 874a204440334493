"""The review page says in the language of its reader why something was not read."""

import re
from html import unescape

import httpx
import pytest

from secreview.outputs.details import detail
from tests.outputs.test_details import SENTENCE, damaged, faulty
from tests.page.build import alone_at, desk_in, written
from tests.page.conftest import serving

WHY = re.compile(r"<dt>(?:原因|why)</dt><dd>(.*?)</dd>")


@pytest.fixture(scope="module")
def served():
    with serving() as made:
        yield made


@pytest.mark.parametrize("build", [damaged, faulty])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_reason_is_told_in_the_language_of_the_page(served, tmp_path, build, lang):
    doors, address = served
    with desk_in(tmp_path) as desk, httpx.Client(base_url=address) as client:
        seat = alone_at(desk, written(tmp_path, build(), "通知.docx"))
        client.get("/review/enter", params={"ticket": doors.ticket(seat, "records.db", lang)})
        page = client.get("/review/").text
    details = [gap.detail for gap in seat.papers[0].report.gaps if gap.detail]
    unread = page[page.index('id="unread"') :].partition("</section>")[0]
    whys = [unescape(words) for words in WHY.findall(unread)]
    assert details
    for words in details:
        assert any(detail(words, lang) in why for why in whys)
    assert any(SENTENCE.search(why) for why in whys) is (lang == "en")
