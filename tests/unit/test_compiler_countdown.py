"""What follows a countdown begins with its last stroke, and that goes on ringing beneath it."""

import pytest

from breathcue.timeline.model import CueKind, PhaseKind
from compiling import compile_text


def cues_of(steps: str):
    timeline = compile_text(f"title: T\nsteps:\n{steps}").timeline
    chime = next(cue for cue in timeline.cues if cue.kind is CueKind.CHIME)
    return timeline, chime


def test_a_wait_begins_with_the_last_stroke_of_a_countdown():
    timeline, chime = cues_of("- say: Get ready.\n- chime: countdown\n- wait: 20s")
    assert (chime.text, chime.duration_ms) == ("countdown", 3600)
    wait = next(phase for phase in timeline.phases if phase.kind is PhaseKind.WAIT)
    assert wait.start_ms == chime.start_ms + 3000


@pytest.mark.parametrize(("name", "length_ms"), [("bowl", 4080), ("bell", 1800), ("wood", 312)])
def test_any_other_tone_is_heard_out(name, length_ms):
    timeline, chime = cues_of(f"- say: Get ready.\n- chime: {name}\n- wait: 20s")
    wait = next(phase for phase in timeline.phases if phase.kind is PhaseKind.WAIT)
    assert wait.start_ms == chime.start_ms + length_ms


def test_a_countdown_is_heard_out_at_the_end_of_a_session():
    timeline, chime = cues_of("- say: Well done.\n- chime: countdown")
    assert timeline.duration_ms >= chime.end_ms + 1000


def test_a_breath_tone_sounds_for_two_minutes_at_most():
    timeline = compile_text(
        "title: T\nbreath-tone: soft\npace: 4\nsteps:\n- breathe: {inhale: 1m, exhale: 10s, rounds: 1}"
    ).timeline
    lengths = [cue.duration_ms for cue in timeline.cues if cue.kind is CueKind.BREATH_TONE]
    assert lengths == [120_000, 40_000 // 24 * 24]
