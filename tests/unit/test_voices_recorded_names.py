"""The names of recordings: of the words alone, readable, distinct, and the same on every machine."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.voices.recorded import file_name
from breathcue.voices.speakable import speakable


def test_a_name_begins_with_the_first_words() -> None:
    assert re.fullmatch(r"inhale-to-cow-[0-9a-f]{8}", file_name("Inhale to cow."))
    assert file_name("Set your wrists under your shoulders.").startswith("set-your-wrists-under-your-")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Don't rush!", "dont-rush"),
        ("Respira — despacio.", "respira-despacio"),
        ("Atme tief über die Füße.", "atme-tief-uber-die-fusse"),
        ("3 × 10", "3-10"),
        ("呼吸", "line"),
        ("a" * 100, "a" * 40),
    ],
)
def test_names_are_plain_letters(text: str, slug: str) -> None:
    assert file_name(text).rpartition("-")[0] == slug


def test_a_name_stays_what_it_is() -> None:
    """Or everybody's recordings would be orphaned by a new version."""
    assert file_name("Inhale to cow.") == "inhale-to-cow-044260e1"


def test_words_that_differ_in_anything_but_spaces_have_names_of_their_own() -> None:
    lines = ["Hold.", "Hold!", "hold.", "Hold", "Hold on.", "Hold ön."]
    assert len({file_name(line) for line in lines}) == len(lines)
    assert file_name("Hold  it\n there.") == file_name("Hold it there.")


@given(st.text())
def test_any_text_has_a_name_that_any_disk_takes(text: str) -> None:
    name = file_name(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", name)
    assert len(name) <= 49
    assert file_name(unicodedata.normalize("NFD", text)) == file_name(unicodedata.normalize("NFC", text))


def test_an_engine_may_ask_for_the_words_as_they_are_written() -> None:
    assert speakable("Hold for 30 s, 3 x 10.", "en", "as-written") == "Hold for 30 s, 3 x 10."
    assert speakable("🙂 ...", "en", "as-written") == ""
