"""Mail that is written in HTML alone: what it shows is read, what programs say in it is not."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
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


_TAGS = st.sampled_from([
    "<", ">", "</", "/>", "<!", "<![", "]>", "<![if !mso]>", "<![endif]>", "<!--", "-->", "<?xml?>",
    "<p>", "</p>", "<style>", "</head>", "<body", "&", "&#", "&#xD800;", "&#0;", "\0", "\ud800",
    "a",
])  # fmt: skip


@given(st.lists(_TAGS, max_size=12).map("".join))
@example("<![foo]>seen")
def test_no_page_is_too_bad_to_be_read(page: str) -> None:
    message = b"Content-Type: text/html; charset=utf-8\n\n" + page.encode("utf-8", "replace")

    text = read(message, now=NOW).text

    assert "\0" not in text
    assert text.encode("utf-8").decode() == text


_WORDS = st.sampled_from([
    b"Subject: ", b"From: ", b"To: ", b"Date: ", b"Message-ID: ", b"Content-Type: ", b"\n", b"\n\n",
    b"=?utf-8?b?", b"=?utf-7?q?", b"?=", b"A", b"=", b"<a@b>", b"text/plain; charset=",
    b"text/html",
    b"unicode_escape", b"utf-7", b"hex", b"nowhere", b"multipart/mixed; boundary=x", b"--x", b"\0",
    b"\xff", b"+2AA-", b"\\ud800", b"Mon, 99 Foo 0000 99:99:99 +9999", b"charset*=x'y'%ff", b";",
    b"Content-Transfer-Encoding: base64",
])  # fmt: skip


@given(st.lists(_WORDS, max_size=25).map(b"".join))
@example(b"Subject: =?utf-8?b?A?=\n\n")
@example(b"Content-Type: text/plain; charset=unicode_escape\n\n\\ud800")
@settings(max_examples=500)
def test_no_message_is_too_bad_to_be_kept(raw: bytes) -> None:
    """One that cannot be read or kept would have its box stand still for ever."""
    found = read(raw, now=NOW)

    said = "".join([
        found.message_id, found.subject, found.from_name, found.from_address, found.text,
        *found.to_addresses,
    ])  # fmt: skip
    assert "\0" not in said
    assert said.encode("utf-8").decode() == said
    assert found.sent_at <= NOW


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
