"""Which voice a session gets, what a typo is told, and that a broken plugin breaks nothing."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from breathcue.diagnostics import MissingError, Place, SessionError
from breathcue.timeline.model import Voice
from breathcue.voices import registry
from breathcue.voices.base import VoiceInfo, VoiceState
from breathcue.voices.registry import all_voices, engine_names, get_engine, resolve
from breathcue.voices.silent import SilentEngine


class Choir(SilentEngine):
    name = "choir"

    def voices(self) -> tuple[VoiceInfo, ...]:
        bass = VoiceInfo("choir", "bass", ("en",), "", VoiceState.MISSING, "he has a cold", "give him tea")
        return (bass, VoiceInfo("choir", "alto", ("en",), ""))


class Moody(SilentEngine):
    def voices(self) -> tuple[VoiceInfo, ...]:
        raise RuntimeError("not today")


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    points = [
        EntryPoint("choir", f"{__name__}:Choir", registry.GROUP),
        EntryPoint("broken", "no_such_module_anywhere:Engine", registry.GROUP),
        EntryPoint("moody", f"{__name__}:Moody", registry.GROUP),
    ]
    classes = {"choir": Choir, "moody": Moody}

    class Point:
        def __init__(self, point: EntryPoint) -> None:
            self.name, self.value, self.dist = point.name, point.value, None
            self._point = point

        def load(self) -> object:
            return classes.get(self.name) or self._point.load()

    monkeypatch.setattr(registry, "_plugins", lambda: [Point(point) for point in points])
    get_engine.cache_clear()
    yield
    get_engine.cache_clear()


def test_the_default_voice() -> None:
    assert resolve() == Voice("embedded", "heart", 0.9)


@pytest.mark.parametrize(
    ("engine", "name", "voice"),
    [
        (None, "heart", ("embedded", "heart")),
        (None, "emma", ("embedded", "emma")),
        ("embedded", None, ("embedded", "heart")),
        ("silent", None, ("silent", "silent")),
        (None, "silent", ("silent", "silent")),
        (None, "silent:silent", ("silent", "silent")),
        ("embedded", "kore", ("embedded", "kore")),
    ],
)
def test_names_are_found(engine: str | None, name: str | None, voice: tuple[str, str]) -> None:
    assert resolve(engine, name, 1.1) == Voice(*voice, 1.1)


def test_a_plugin_is_found(plugins: None) -> None:
    assert resolve(None, "alto") == Voice("choir", "alto", 0.9)
    assert resolve("choir") == Voice("choir", "alto", 0.9)
    assert resolve(None, "choir") == Voice("choir", "alto", 0.9)
    assert resolve("choir", "bass") == Voice("choir", "bass", 0.9)
    assert isinstance(get_engine("choir"), Choir)
    assert get_engine("choir") is get_engine("choir")


def test_a_typo_in_a_voice_gets_the_nearest_name_and_the_list() -> None:
    place = Place("session.yaml", 3, 8, 13, "voice: haert")
    with pytest.raises(MissingError) as caught:
        resolve(None, "haert", place=place)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "unknown-voice"
    assert "'haert'" in diagnostic.message
    assert diagnostic.place == place
    assert diagnostic.fix is not None
    assert "Did you mean heart?" in diagnostic.fix
    assert "emma" in diagnostic.fix


def test_of_very_many_voices_a_message_names_some(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crowd(SilentEngine):
        def voices(self) -> tuple[VoiceInfo, ...]:
            return tuple(VoiceInfo("silent", f"voice-{n}", ("en",), "") for n in range(100))

    monkeypatch.setattr(registry, "get_engine", lambda name: Crowd())
    with pytest.raises(MissingError) as caught:
        resolve("silent", "voice_77")
    fix = caught.value.diagnostics[0].fix or ""
    assert fix.startswith("Did you mean voice-77? There are: voice-0, voice-1,")
    assert fix.endswith("voice-11 and 88 more (`breathcue voices`).")


def test_the_voice_of_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Polyglots(SilentEngine):
        def voices(self) -> tuple[VoiceInfo, ...]:
            rows = [("bot", "en-US"), ("fr", "fr-FR"), ("ada", "en-GB"), ("hans", "de-DE"), ("cmn", "cmn")]
            asleep = VoiceInfo("silent", "mute", ("de",), "", VoiceState.MISSING, "asleep", "wake them")
            return (asleep, *(VoiceInfo("silent", name, (code,), "") for name, code in rows))

    monkeypatch.setattr(registry, "get_engine", lambda name: Polyglots())
    wanted = {"en": "bot", "en-GB": "ada", "fr": "fr", "fr-CA": "fr", "de": "hans", "zh": "cmn"}
    assert {code: resolve("silent", language=code).name for code in wanted} == wanted


class Abroad(SilentEngine):
    name = "choir"

    def voices(self) -> tuple[VoiceInfo, ...]:
        hoarse = VoiceInfo(
            "choir", "hoarse", ("es",), "", VoiceState.MISSING, "he has a cold", "give him tea"
        )
        rows = [("mary", "en-IE"), ("lola", "es-419"), ("es", "es"), ("jean", "fr-FR")]
        return (hoarse, *(VoiceInfo("choir", name, (code,), "") for name, code in rows))


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engines but the embedded and the silent one, and one that speaks other languages."""
    engines = {"embedded": get_engine("embedded"), "silent": SilentEngine(), "choir": Abroad()}
    monkeypatch.setattr(registry, "engine_names", lambda: tuple(engines))
    monkeypatch.setattr(registry, "get_engine", engines.__getitem__)


@pytest.mark.parametrize(("language", "name"), [("es", "es"), ("es-MX", "lola"), ("fr", "jean")])
def test_another_language_gets_the_best_voice_that_speaks_it(abroad: None, language: str, name: str) -> None:
    assert resolve(language=language) == Voice("choir", name, 0.9)


def test_english_stays_with_the_embedded_voice(abroad: None) -> None:
    assert resolve(language="en-GB") == Voice("embedded", "heart", 0.9)


def test_a_language_that_nobody_speaks_says_how_to_get_a_voice(abroad: None) -> None:
    place = Place("session.yaml", 2, 1, 9, "language: de")
    with pytest.raises(MissingError) as caught:
        resolve(language="de", place=place)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.place) == ("voice-language", place)
    assert "speaks the session's language, 'de'" in diagnostic.message
    assert "pip install 'breathcue[system]'" in (diagnostic.fix or "")
    assert "pip install 'breathcue[espeak]'" in (diagnostic.fix or "")


def test_a_voice_of_another_language_is_refused_with_those_that_can(abroad: None) -> None:
    with pytest.raises(MissingError) as caught:
        resolve(None, "heart", language="es")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "voice-language"
    assert diagnostic.message == "The voice embedded:heart speaks en, and the session's language is 'es'."
    assert diagnostic.fix == "These speak it here: choir:lola, choir:es."


def test_a_voice_of_any_language_is_fine_but_nobodys_default(abroad: None) -> None:
    assert resolve(None, "silent", language="es") == Voice("silent", "silent", 0.9)


def test_a_typo_in_an_engine() -> None:
    for call in (lambda: resolve("embeded", "heart"), lambda: get_engine("embeded")):
        with pytest.raises(MissingError) as caught:
            call()
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == "unknown-engine"
        assert "Did you mean embedded?" in (diagnostic.fix or "")


def test_a_voice_of_another_engine_is_not_taken() -> None:
    with pytest.raises(MissingError) as caught:
        resolve("silent", "heart")
    assert caught.value.diagnostics[0].code == "unknown-voice"


@pytest.mark.parametrize("speed", [0.49, 2.01, 0.0, -1.0, float("nan"), float("inf")])
def test_speeds_nobody_could_follow(speed: float) -> None:
    with pytest.raises(SessionError) as caught:
        resolve(speed=speed)
    assert caught.value.diagnostics[0].code == "bad-speed"


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_the_slowest_and_the_fastest_speed(speed: float) -> None:
    assert resolve(speed=speed).speed == speed


def test_a_broken_plugin_is_listed_with_its_reason_and_the_rest_works(plugins: None) -> None:
    found = {info.engine: info for info in all_voices()}
    assert set(found) == {"embedded", "kokoro", "system", "recorded", "silent", "choir", "broken", "moody"}
    assert found["broken"].state is VoiceState.MISSING
    assert "no_such_module_anywhere" in (found["broken"].reason or "")
    assert found["moody"].reason == "RuntimeError: not today"
    assert found["choir"].state is VoiceState.READY
    with pytest.raises(MissingError) as caught:
        get_engine("broken")
    assert caught.value.diagnostics[0].code == "broken-engine"


def test_a_plugin_cannot_take_the_name_of_a_built_in_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    intruder = EntryPoint("silent", "intruder:Engine", registry.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [intruder])
    assert engine_names() == ("embedded", "kokoro", "system", "recorded", "silent")


def test_the_engines_of_this_package_are_its_entry_points() -> None:
    from importlib.metadata import entry_points

    declared = {point.name: point.value for point in entry_points(group=registry.GROUP)}
    for name, (module, kind) in registry._BUILT_IN.items():
        assert declared[name] == f"{module}:{kind}"


def test_asking_for_the_default_voice_loads_no_model_and_scans_no_packages() -> None:
    code = """
import importlib.metadata, sys
importlib.metadata.entry_points = None
from breathcue.voices.registry import resolve, get_engine
print(resolve(None, 'heart'), get_engine('embedded').version)
print([name for name in ('hibari', 'onnxruntime', 'scipy', 'soxr') if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == "[]"
