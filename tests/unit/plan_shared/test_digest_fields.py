"""Digests of tags and fields, and their text."""

import pytest

from flyte_plan.digest import digest, parse_digest, show_digest


def test_a_digest_is_pinned_for_ever():
    assert digest("call", b"a", b"").hex() == (
        "917a5c69b19bbace420c1f70cd636c4817debadda4794b1392786db3de441e5b"
    )


def test_field_boundaries_are_part_of_the_digest():
    lists = [(), (b"",), (b"", b""), (b"ab",), (b"a", b"b"), (b"b", b"a"), (b"a" * 300,)]
    assert len({digest("t", *fields) for fields in lists}) == len(lists)


def test_the_tag_is_no_field():
    assert digest("ab", b"c") != digest("a", b"bc")


def test_the_text_is_lowercase_base32_and_reads_back():
    value = digest("t")
    text = show_digest(value)
    assert text == text.lower()
    assert len(text) == 52
    assert parse_digest(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "abc", "A" * 52, "1" * 52, "é" * 52, "a" * 53, "a" * 51 + "b", "a" * 51 + "="],
)
def test_other_text_is_refused(text: str):
    with pytest.raises(ValueError, match="is not a digest"):
        parse_digest(text)
