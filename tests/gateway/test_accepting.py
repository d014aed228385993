"""Which form of an answer a request accepts (RFC 9110, section 12.5.1)."""

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from gateway.traders.accepting import CSV, HTML, JSON, XML, chosen

FORMS = (JSON, XML, CSV)
BROWSERS = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ([], JSON),
        ([""], JSON),
        (["*/*"], JSON),
        (["application/xml"], XML),
        (["Application/XML; charset=utf-8"], XML),
        (["text/*"], CSV),
        (["application/*"], JSON),
        (["application/xml, application/json"], JSON),
        (["application/xml, */*"], XML),
        (["application/xml;q=0.8, application/json;q=0.9"], JSON),
        (["application/xml;q=0.9, application/json;q=0.8"], XML),
        (["application/xml;q=0, application/json;q=0.1"], JSON),
        (["application/json;q=0, */*"], XML),
        (["application/json;q=0, application/*;q=0.5, text/csv;q=0.4"], XML),
        (["text/csv;q=0.5", "application/xml;q=0.6"], XML),
        (["text/csv;Q=1.000"], CSV),
        (["text/csv;q=1.001, application/xml;q=0.2"], XML),
        (["text/csv;q=nan, application/xml;q=0.2"], XML),
        (["text/csv;q=-1, application/xml;q=0.2"], XML),
        (["text/csv;q=0.12345, application/xml;q=0.2"], XML),
        (["text/csv;q=., application/xml;q=0.2"], XML),
        (["text/csv;q=\u0661, application/xml;q=0.2"], XML),
        (["text/csv;q=, application/xml;q=0.2"], XML),
        (["image/png"], JSON),
        (["application/json;q=0"], JSON),
        ([",;,=;q=1,"], JSON),
    ],
)
def test_the_form_that_is_wished_for_most_is_given(accept: list[str], form: str) -> None:
    request = make_mocked_request("GET", "/", headers=CIMultiDict([("Accept", each) for each in accept]))
    assert chosen(request, FORMS) == form


@pytest.mark.parametrize(
    ("accept", "at_a_page", "elsewhere"),
    [
        (BROWSERS, HTML, HTML),
        ("*/*", HTML, JSON),
        ("application/json", JSON, JSON),
        ("application/json, */*", JSON, JSON),
    ],
)
def test_of_forms_wished_for_alike_the_first_offered_is_given(accept: str, at_a_page: str, elsewhere: str) -> None:
    request = make_mocked_request("GET", "/", headers={"Accept": accept})
    assert (chosen(request, (HTML, JSON)), chosen(request, (JSON, HTML))) == (at_a_page, elsewhere)
