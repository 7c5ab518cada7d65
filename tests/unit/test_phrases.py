"""The words of every language: whole, in step with the English ones, and with grammar of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from breathcue.compiler.phrases import languages, load_phrases
from breathcue.compiler.positions import load_positions
from breathcue.language.names import positions
from breathcue.language.placeholders import fill, names_in
from breathcue.timeline.model import Side

OTHERS = [language for language in languages() if language != "en"]

GRAMMAR = ("numbers", "lists", "sides", "mentions")
"""What differs from language to language in more than words."""


def tree(data: Any, path: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each phrase's path and the names it fills in; variants of one phrase are one."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from tree(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        yield path, frozenset().union(*(dict(tree(item)).get("", frozenset()) for item in data))
    else:
        yield path, frozenset(name.lower().split(":")[0] for name in names_in(data))


def worded(language: str) -> dict[str, frozenset[str]]:
    data = {key: value for key, value in load_phrases(language).data.items() if key not in GRAMMAR}
    return dict(tree(data))


def test_there_are_these_languages() -> None:
    assert languages() == ("de", "en", "es", "fr")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_phrase_with_the_same_names_to_fill_in(language: str) -> None:
    assert worded(language) == worded("en")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_all_of_the_grammar(language: str) -> None:
    own, english = load_phrases(language).data, load_phrases("en").data
    for key in GRAMMAR:
        assert set(own[key]) == set(english[key])
    assert set(own["sides"]["left"]) == set(own["sides"]["right"]) >= {"alone"}


@pytest.mark.parametrize("language", languages())
def test_every_position_has_words_and_none_is_there_in_vain(language: str) -> None:
    assert tuple(load_phrases(language).data["positions"]) == positions()
    for position in load_positions(language).values():
        assert position.title[0].isupper()
        assert position.come
        assert position.stay


@pytest.mark.parametrize("language", OTHERS)
def test_no_phrase_is_left_in_english(language: str) -> None:
    own, english = (dict(texts(load_phrases(name).data)) for name in (language, "en"))
    shared = {text for path, text in own.items() if text == english.get(path) and text != "six"}
    with_words = {text for text in shared if re.search(r"[a-z]", re.sub(r"\{.*?\}", "", text))}
    assert with_words == set()


def texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield path, data
        return
    for key, item in data.items() if isinstance(data, dict) else enumerate(data):
        yield from texts(item, f"{path}.{key}")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            "null eins zwölf sechzehn siebzehn zwanzig einundzwanzig siebenundzwanzig dreißig neunundneunzig",
        ),
        ("es", "cero uno doce dieciséis diecisiete veinte veintiuno veintisiete treinta noventa~y~nueve"),
        ("fr", "zéro un douze seize dix-sept vingt vingt~et~un vingt-sept trente quatre-vingt-dix-neuf"),
    ],
)
def test_numbers_in_words(language: str, words: str) -> None:
    numbers = (0, 1, 12, 16, 17, 20, 21, 27, 30, 99)
    said = [load_phrases(language).number(n) for n in numbers]
    assert said == [word.replace("~", " ") for word in words.split()]


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (60, "soixante"),
        (61, "soixante et un"),
        (70, "soixante-dix"),
        (71, "soixante et onze"),
        (72, "soixante-douze"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (90, "quatre-vingt-dix"),
        (91, "quatre-vingt-onze"),
    ],
)
def test_french_counts_by_twenties_from_sixty(n: int, said: str) -> None:
    assert load_phrases("fr").number(n) == said


@pytest.mark.parametrize("language", languages())
def test_every_number_up_to_ninety_nine_has_words_of_its_own(language: str) -> None:
    said = [load_phrases(language).number(n) for n in range(100)]
    assert len(set(said)) == 100
    assert not any(character.isdigit() or character in "{}" for word in said for character in word)
    assert load_phrases(language).number(100) == "100"


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        ("de", 1, "eine Sekunde"),
        ("de", 21, "einundzwanzig Sekunden"),
        ("de", 3661, "eine Stunde, eine Minute und eine Sekunde"),
        ("es", 1, "un segundo"),
        ("es", 21, "veintiún segundos"),
        ("es", 31 * 60, "treinta y un minutos"),
        ("es", 3661, "una hora, un minuto y un segundo"),
        ("fr", 1, "une seconde"),
        ("fr", 21, "vingt et une secondes"),
        ("fr", 90, "une minute et trente secondes"),
        ("fr", 3661, "une heure, une minute et une seconde"),
        ("en", 3661, "one hour, one minute and one second"),
    ],
)
def test_times_agree_with_their_nouns(language: str, seconds: int, said: str) -> None:
    assert load_phrases(language).time(seconds * 1000) == said


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("de", 1, "Eine Wiederholung."),
        ("de", 21, "Einundzwanzig Wiederholungen."),
        ("es", 1, "Una repetición."),
        ("es", 21, "Veintiuna repeticiones."),
        ("es", 31, "Treinta y una repeticiones."),
        ("fr", 1, "Une répétition."),
        ("fr", 31, "Trente et une répétitions."),
        ("fr", 81, "Quatre-vingt-une répétitions."),
    ],
)
def test_amounts_agree_with_their_nouns(language: str, count: int, said: str) -> None:
    assert load_phrases(language).counted("amount.reps", count, n=count) == said


@pytest.mark.parametrize(
    ("language", "written", "left", "right"),
    [
        ("en", "Lift your {side} arm.", "Lift your left arm.", "Lift your right arm."),
        ("de", "Heb dein {side}es Bein.", "Heb dein linkes Bein.", "Heb dein rechtes Bein."),
        ("de", "{Side}e Hand, {other}er Fuß.", "Linke Hand, rechter Fuß.", "Rechte Hand, linker Fuß."),
        ("de", "Dreh dich nach {side}.", "Dreh dich nach links.", "Dreh dich nach rechts."),
        ("es", "Estira el brazo {side}o.", "Estira el brazo izquierdo.", "Estira el brazo derecho."),
        ("es", "Gira a la {side}.", "Gira a la izquierda.", "Gira a la derecha."),
        ("es", "¿{side} o {other}?", "¿Izquierda o derecha?", "¿Derecha o izquierda?"),
        ("fr", "Levez le bras {side}.", "Levez le bras gauche.", "Levez le bras droit."),
        ("fr", "Levez la jambe {side}e.", "Levez la jambe gauche.", "Levez la jambe droite."),
        ("fr", "Tournez à {side}e.", "Tournez à gauche.", "Tournez à droite."),
    ],
)
def test_sides_are_declined_by_the_ending_behind_them(
    language: str, written: str, left: str, right: str
) -> None:
    sided = load_phrases(language).sided
    assert [fill(written, sided(Side.LEFT)), fill(written, sided(Side.RIGHT))] == [left, right]


def test_and_and_or_change_with_the_sound_that_follows() -> None:
    es = load_phrases("es")
    assert es.listed(["aguja", "hilo"], "and") == "aguja e hilo"
    assert es.listed(["agua", "hielo"], "and") == "agua y hielo"
    assert es.listed(["mareo", "dolor", "hormigueo"], "or") == "mareo, dolor u hormigueo"
    assert load_phrases("en").listed(["water", "ice"], "and") == "water and ice"


@pytest.mark.parametrize(
    ("language", "breath", "text", "says"),
    [
        ("de", "inhale", "Atme tief ein.", True),
        ("de", "inhale", "Mit dem Einatmen hebst du die Arme.", True),
        ("de", "inhale", "Atme, und heb ein Bein.", False),
        ("de", "exhale", "Atme langsam aus und sink tiefer.", True),
        ("de", "exhale", "Atme aus der Mitte.", False),
        ("es", "inhale", "Inspira y crece.", True),
        ("es", "inhale", "Respira con calma.", False),
        ("es", "exhale", "Respira con calma.", False),
        ("es", "exhale", "Suelta todo el aire.", True),
        ("fr", "inhale", "À l'inspiration, ouvrez les bras.", True),
        ("fr", "exhale", "Soufflez doucement.", True),
        ("fr", "exhale", "Respirez.", False),
    ],
)
def test_an_authors_line_that_says_how_to_breathe_is_heard_as_such(
    language: str, breath: str, text: str, says: bool
) -> None:
    assert load_phrases(language).says_breath(text, breath) is says


@pytest.mark.parametrize(
    ("language", "text", "greets"),
    [
        ("en", "Hi, and welcome.", True),
        ("en", "Hips first.", False),
        ("de", "Schön, dass du da bist.", True),
        ("de", "Hier beginnt es.", False),
        ("es", "¡Hola! Vamos allá.", True),
        ("fr", "Bonjour et bienvenue.", True),
    ],
)
def test_a_greeting_is_known_by_its_whole_word(language: str, text: str, greets: bool) -> None:
    assert load_phrases(language).greets(text) is greets


@pytest.mark.parametrize(
    ("language", "halves", "said"),
    [
        ("en", [1, 2, 8, 9], ["half a second", "one", "four", "four and a half"]),
        (
            "de",
            [1, 2, 3, 9],
            ["eine halbe Sekunde", "eine Sekunde", "anderthalb Sekunden", "viereinhalb Sekunden"],
        ),
        ("es", [1, 2, 3, 8], ["medio segundo", "un segundo", "un segundo y medio", "cuatro segundos"]),
        ("fr", [1, 3, 9], ["une demi-seconde", "une seconde et demie", "quatre secondes et demie"]),
    ],
)
def test_half_seconds_of_a_breath(language: str, halves: list[int], said: list[str]) -> None:
    assert [load_phrases(language).halves(n) for n in halves] == said


def test_french_sets_of_a_time_need_no_elision() -> None:
    phrases = load_phrases("fr")
    said = phrases.say("amount.work-sets", sets=2, time=phrases.time(61_000))
    assert said == "Deux fois une minute et une seconde."
