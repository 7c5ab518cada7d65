"""Words are compared as they sound, and each error belongs to a word."""

import pytest

from breathcue.verify.words import errors_by_word, word_errors, words_of


def spell(number: int) -> str:
    return {4: "four", 22: "twenty-two", 40: "forty"}.get(number, str(number))


def words(text: str) -> list[str]:
    return words_of(text, "en", spell)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Rest for forty seconds.", "Rest four 40 seconds"),
        ("Twenty-two. Cat-cow!", "22, cat cow"),
        ("Bird dog", "birddog"),
        ("Alright, go on.", "all right go on"),
        ("It’s fine", "it's FINE"),
        ("Weiter unten, ä", "weiter unten, a\u0308"),
    ],
)
def test_what_sounds_the_same_is_the_same(said, heard):
    assert word_errors(words(said), words(heard)) == 0


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("inhale to cow", "inhale to cat", [0, 0, 1]),
        ("inhale to cow", "inhale cow", [0, 1, 0]),
        ("inhale to cow", "inhale to the cow", [0, 1, 0]),
        ("inhale", "now inhale", [1]),
        ("one two three", "", [1, 1, 1]),
    ],
)
def test_each_error_belongs_to_a_word(said, heard, errors):
    assert errors_by_word(said.split(), heard.split()) == errors


def test_of_nothing_said_nothing_is_wrong():
    assert errors_by_word([], ["something"]) == []


def test_homophones_are_those_of_the_language():
    assert words_of("for", "en", spell) == words_of("four", "en-GB", spell)
    assert words_of("for", "de", spell) != words_of("four", "de", spell)
