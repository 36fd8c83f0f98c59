"""Mail that is written in HTML alone: what it shows is read, what programs say in it is not."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.mail.parsing import read, text_of_html

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Good day,</p><p>the bill is <b>paid</b>.</p>", "Good day,\n\nthe bill is paid."),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<head><title>t</title></head><body>a<style>b</style><script>c</script>d</body>", "ad"),
        ("<head><style>x<body>seen", ""),
        ("<table><tr><td>Nails</td><td>12&nbsp;&euro;</td></tr></table>", "Nails 12 €"),
        ("a\r\n b   c", "a b c"),
        ("<img src='https://tracker.example/x.gif' alt='x'>seen", "seen"),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_lines_are_those_one_sees(page: str, expected: str) -> None:
    assert text_of_html(page) == expected


@given(st.text(st.sampled_from("<>/!-&;='\"abp ?[]\n"), max_size=80))
def test_no_page_is_too_bad_to_be_read(page: str) -> None:
    assert isinstance(text_of_html(page), str)


def test_a_message_of_html_alone_has_its_text() -> None:
    """F119: the text of a message that holds HTML alone stands on the card."""
    message = EmailMessage()
    message["From"] = "buh@romashka.example"
    message.set_content("<p>Оплатили счёт 12</p>", subtype="html", charset="koi8-r")

    found = read(message.as_bytes(), now=NOW)

    assert (found.text, found.problem) == ("Оплатили счёт 12", "")


def test_plain_text_comes_before_html() -> None:
    message = EmailMessage()
    message.set_content("in plain words")
    message.add_alternative("<p>in colours</p>", subtype="html")

    assert read(message.as_bytes(), now=NOW).text == "in plain words"


def test_an_empty_plain_text_gives_way_to_html() -> None:
    message = EmailMessage()
    message.set_content("\n")
    message.add_alternative("<p>in colours</p>", subtype="html")

    assert read(message.as_bytes(), now=NOW).text == "in colours"
