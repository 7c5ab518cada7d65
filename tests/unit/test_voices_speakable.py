"""Signs, units and times become words; markup goes; a dictionary mends what voices get wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.voices.pronunciation import dictionary, pronounced
from breathcue.voices.speakable import speakable

READ = [
    ("Hold for 30 s.", "Hold for 30 seconds."),
    ("30s", "30 seconds"),
    ("1 s", "1 second"),
    ("2 min", "2 minutes"),
    ("20 min. of rest", "20 minutes of rest"),
    ("1m30s", "1 minute 30 seconds"),
    ("1h 5m", "1 hour 5 minutes"),
    ("5m", "5 minutes"),
    ("5 m", "5 meters"),
    ("Do 3 x 10.", "Do 3 times 10."),
    ("3×10", "3 times 10"),
    ("3 x 30s", "3 times 30 seconds"),
    ("3 sets x 10 reps", "3 sets of 10 reps"),
    ("x3", "3 times"),
    ("10-15", "10 to 15"),
    ("10–15 reps", "10 to 15 reps"),
    ("5-10s", "5 to 10 seconds"),
    ("5s-10s", "5 to 10 seconds"),
    ("4-7-8 breathing", "4, 7, 8 breathing"),
    ("1:30", "1 minute 30 seconds"),
    ("0:45", "45 seconds"),
    ("2:00", "2 minutes"),
    ("1:02:03", "1 hour 2 minutes 3 seconds"),
    ("7:30 pm", "7:30 pm"),
    ("to 90°", "to 90 degrees"),
    ("a 90° angle", "a 90 degree angle"),
    ("37 °C", "37 degrees Celsius"),
    ("1/2", "half"),
    ("3/4 of the way", "3 quarters of the way"),
    ("1 1/2 turns", "1 and a half turns"),
    ("1½ turns", "1 and a half turns"),
    ("2 kg", "2 kilograms"),
    ("1 cm", "1 centimeter"),
    ("2 ft", "2 feet"),
    ("50%", "50 percent"),
    ("in & out", "in and out"),
    ("5+", "5 or more"),
    ("L/R", "left and right"),
    ("Lift your R arm.", "Lift your right arm."),
    ("left/right", "left or right"),
    ("Rest — then go… now", "Rest, then go, now"),
    ("Rest...", "Rest."),
    ("cat–cow", "cat-cow"),
    ("“Soft knees,” they say", "Soft knees, they say"),
    ("Lift (slowly) and lower.", "Lift, slowly, and lower."),
    ("Rest (if needed).", "Rest, if needed."),
    ("*Breathe* **in** _now_ `so` 🙂", "Breathe in now so"),
    ("- first", "first"),
    ("don’t", "don't"),
    ("e.g. a cushion", "for example, a cushion"),
    ("Inhale, exhale.", "Inhale, exhale."),
    ("Step 1: lie down.", "Step 1: lie down."),
    ("mid-back", "mid-back"),
]


@pytest.mark.parametrize(("written", "spoken"), READ)
def test_is_read_as(written: str, spoken: str) -> None:
    assert speakable(written) == spoken


@pytest.mark.parametrize(("_", "spoken"), READ)
def test_what_is_speakable_stays_so(_: str, spoken: str) -> None:
    assert speakable(spoken) == spoken


@pytest.mark.parametrize("text", ["", " ", "...", "🙂 🙏", "**", "—", "()", "<break/>"])
def test_nothing_to_say_is_empty(text: str) -> None:
    assert speakable(text) == ""


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Say [no](/jˈɛs/) twice", "Say no twice"),
        ("[link](https://example.org)", "link"),
        ("Wait <break time='10s'/> now", "Wait now"),
        ("<speak>Hello</speak>", "Hello"),
    ],
)
def test_an_author_cannot_reach_the_markup_of_a_voice(written: str, spoken: str) -> None:
    assert speakable(written, "en", "misaki") == spoken


@given(st.text(max_size=80))
def test_no_text_reaches_a_voice_with_markup_in_it(text: str) -> None:
    spoken = speakable(text)
    assert not set(spoken) & set("<>[]{}()|*_`#\\/\n")
    assert spoken == spoken.strip()
    assert "  " not in spoken
    assert spoken == "" or any(c.isalnum() for c in spoken)


@given(st.text("abc 0123456789:-–/x×.°½%[]()*s", max_size=40))
def test_signs_and_numbers_never_fail_and_come_to_rest(text: str) -> None:
    # What is nonsense may need several readings: "0-x/0" becomes "0-0 times", and that "0 to 0 times".
    for _ in range(6):
        text, before = speakable(text), text
    assert text == before


ABROAD = [
    ("de", "Halte 30 s.", "Halte 30 Sekunden."),
    ("de", "1 min", "eine Minute"),
    ("de", "1:30", "eine Minute und 30 Sekunden"),
    ("de", "1m30s", "eine Minute und 30 Sekunden"),
    ("de", "um 7:30 Uhr", "um 7:30 Uhr"),
    ("de", "10-15 Atemzüge", "10 bis 15 Atemzüge"),
    ("de", "5-10 s", "5 bis 10 Sekunden"),
    ("de", "3 x 10", "3 mal 10"),
    ("de", "3×", "3 mal"),
    ("de", "3 Sätze x 10", "3 Sätze zu je 10"),
    ("de", "2,5 kg", "2,5 Kilogramm"),
    ("de", "1 cm", "ein Zentimeter"),
    ("de", "50 %", "50 Prozent"),
    ("de", "90°", "90 Grad"),
    ("de", "L/R", "links und rechts"),
    ("de", "ein & aus", "ein und aus"),
    ("de", "3/4", "drei Viertel"),
    ("de", "z. B. ein Kissen", "zum Beispiel ein Kissen"),
    ("de", "Z.B. ein Kissen", "zum Beispiel ein Kissen"),
    ("de", "Arme, Beine usw.", "Arme, Beine und so weiter."),
    ("de", "„Lass los“ – *locker*!", "Lass los, locker!"),
    ("es", "Mantén 30 s.", "Mantén 30 segundos."),
    ("es", "1 min", "un minuto"),
    ("es", "1:30", "un minuto y 30 segundos"),
    ("es", "a las 7:30", "a las 7:30"),
    ("es", "10–15 veces", "10 a 15 veces"),
    ("es", "3 x 10", "3 por 10"),
    ("es", "3 series x 10", "3 series de 10"),
    ("es", "x1", "una vez"),
    ("es", "2 kg", "2 kilos"),
    ("es", "50%", "50 por ciento"),
    ("es", "I/D", "izquierda y derecha"),
    ("es", "pierna izda.", "pierna izquierda."),
    ("es", "p. ej. un cojín", "por ejemplo un cojín"),
    ("es", "¿Cómo va?", "Cómo va?"),
    ("fr", "Tenez 30 s.", "Tenez 30 secondes."),
    ("fr", "1 min", "une minute"),
    ("fr", "1:30", "une minute et 30 secondes"),
    ("fr", "1h30", "une heure et 30 minutes"),
    ("fr", "10-15 fois", "10 à 15 fois"),
    ("fr", "3 x 10", "3 fois 10"),
    ("fr", "2 kg", "2 kilos"),
    ("fr", "50 %", "50 pour cent"),
    ("fr", "G/D", "gauche et droite"),
    ("fr", "p. ex. un coussin", "par exemple un coussin"),
    ("fr", "l’épaule", "l'épaule"),
    ("fr", "« Inspirez »", "Inspirez"),
    ("fr", "Comment ça va\u00a0?", "Comment ça va?"),
]


@pytest.mark.parametrize(("language", "written", "spoken"), ABROAD)
def test_is_read_in_another_language_as(language: str, written: str, spoken: str) -> None:
    assert speakable(written, language) == spoken


@pytest.mark.parametrize(("language", "_", "spoken"), ABROAD)
def test_what_is_speakable_in_another_language_stays_so(language: str, _: str, spoken: str) -> None:
    assert speakable(spoken, language) == spoken


@pytest.mark.parametrize("language", ["de", "es", "fr"])
@given(text=st.text("abc 0123456789:-–/x×.°½%[]()*s&+~#<>=@", max_size=40))
def test_no_sign_is_left_in_another_language(language: str, text: str) -> None:
    spoken = speakable(text, language)
    assert not set(spoken) & set("<>[]{}()|*_`#\\/\n&+=@~°×½")


def test_a_language_without_a_table_keeps_its_words() -> None:
    assert speakable("Aguarde 30 s – *solto*!", "pt") == "Aguarde 30 s, solto!"


def test_the_dictionary_is_that_of_the_language() -> None:
    assert speakable("diastasis", "de") == "diastasis"


def test_the_dictionary_gives_phonemes_to_a_voice_that_reads_them() -> None:
    spoken = speakable("Check for diastasis recti.", "en", "misaki")
    assert spoken == "Check for [diastasis](/dˌIˈæstəsɪs/) recti."
    assert speakable("Abdominis", "en", "misaki") == "[Abdominis](/æbdˈɑmɪnɪs/)"


def test_other_voices_get_a_respelling() -> None:
    assert speakable("Check for diastasis recti.") == "Check for dye-ASS-tuh-sis recti."
    assert pronounced("diastasis", "arpabet") == "dye-ASS-tuh-sis"


def test_only_whole_words_are_replaced() -> None:
    assert pronounced("chin chi chip", "misaki") == "chin [chi](/ʧˈi/) chip"


@pytest.mark.parametrize("word", sorted(dictionary()))
def test_every_entry_is_complete(word: str) -> None:
    entry = dictionary()[word]
    assert word == word.lower()
    assert entry.respelled.replace("-", "").isalpha()
    assert entry.phonemes["misaki"]
    assert not set(entry.phonemes["misaki"]) & set("/()[] ")
