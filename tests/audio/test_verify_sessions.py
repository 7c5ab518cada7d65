"""Every ready-made session, rendered with each engine and in each format, with beds and breath tones, passes."""

from __future__ import annotations

import shutil
from itertools import cycle
from pathlib import Path

import pytest

from breathcue.audio.formats import FORMATS
from breathcue.cli.main import execute
from breathcue.library.beds import bed_names
from breathcue.voices.base import VoiceState
from breathcue.voices.registry import get_engine
from workspace import ROOT, SESSIONS

pytestmark = [pytest.mark.encoder, pytest.mark.slow]

ENGLISH = [path for path in SESSIONS if "-" not in path.name[:3]]
SPOKEN_BY_ESPEAK = [path for path in SESSIONS if path not in ENGLISH]
SHORT = ROOT / "sessions" / "cat-cow.yaml"


@pytest.fixture(scope="module", autouse=True)
def _one_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Lines are spoken once for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREATHCUE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def assert_passes(capsys: pytest.CaptureFixture[str], session: Path, target: Path, *options: str) -> None:
    """Render and verify in one go, then again by the timeline and by nothing."""
    done = execute(["render", str(session), "-o", str(target), "--verify", *options])
    assert done == 0, capsys.readouterr().err
    times = target.with_suffix(".json")
    assert execute(["timeline", str(session), "--format", "json", "-o", str(times), *options]) == 0
    for expected in ([str(times)], []):
        capsys.readouterr()
        assert execute(["verify", str(target), *expected]) == 0, capsys.readouterr().out


@pytest.mark.voice
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format(tmp_path, capsys, suffix):
    assert_passes(capsys, SHORT, tmp_path / f"a{suffix}")


@pytest.mark.voice
@pytest.mark.parametrize(
    ("session", "suffix"), list(zip(ENGLISH, cycle(FORMATS))), ids=lambda each: getattr(each, "stem", each)
)
def test_every_session(tmp_path, capsys, session, suffix):
    assert_passes(capsys, session, tmp_path / f"a{suffix}")


# Each bed with each breath tone, and every format among them: to cross all three would show nothing more.
BEDS_AND_TONES = [(bed, tone) for tone in ("soft", "clear") for bed in bed_names()]


@pytest.mark.voice
@pytest.mark.parametrize(
    ("bed", "breath_tone", "suffix"),
    [(*pair, suffix) for pair, suffix in zip(BEDS_AND_TONES, cycle(FORMATS), strict=False)],
)
def test_every_bed_with_breath_tones(tmp_path, capsys, bed, breath_tone, suffix):
    text = SHORT.read_text(encoding="utf-8").replace("\nsteps:", f"\nbreath-tone: {breath_tone}\nsteps:", 1)
    session = tmp_path / "cat-cow.yaml"
    session.write_text(text, encoding="utf-8")
    assert_passes(capsys, session, tmp_path / f"a{suffix}", "--bed", bed)


@pytest.mark.voice
@pytest.mark.parametrize("suffix", [suffix for suffix, form in FORMATS.items() if form.bit_rates])
def test_every_low_quality(tmp_path, capsys, suffix):
    # The fewest bits add the most to peaks where words lie over a bed.
    assert_passes_rendered(tmp_path / f"a{suffix}", capsys, "--quality", "low", "--bed", "pad")


def assert_passes_rendered(target: Path, capsys: pytest.CaptureFixture[str], *options: str) -> None:
    done = execute(["render", str(SHORT), "-o", str(target), "--verify", *options])
    assert done == 0, capsys.readouterr().err


@pytest.mark.system
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="there is no espeak-ng")
@pytest.mark.parametrize("session", SPOKEN_BY_ESPEAK, ids=lambda path: path.stem)
def test_every_session_in_another_language(tmp_path, capsys, session):
    assert_passes(capsys, session, tmp_path / "a.mp3")


@pytest.mark.system
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="there is no espeak-ng")
def test_the_system_voice(tmp_path, capsys):
    assert_passes(capsys, SHORT, tmp_path / "a.mp3", "--voice", "system")


@pytest.mark.skipif(
    get_engine("kokoro").voices()[0].state is not VoiceState.READY, reason="needs breathcue[kokoro]"
)
def test_kokoro(tmp_path, capsys):
    # A line costs it fifty times what it costs the others, so it says few.
    session = tmp_path / "few-lines.yaml"
    session.write_text("title: Few lines\nsteps:\n  - exercise: cat-cow\n    reps: 2\n", encoding="utf-8")
    assert_passes(capsys, session, tmp_path / "a.mp3", "--voice", "kokoro")


def test_the_silent_voice(tmp_path, capsys):
    assert_passes_rendered(tmp_path / "a.mp3", capsys, "--voice", "silent")
