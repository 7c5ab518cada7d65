"""Real sound: the loudspeaker output into a PulseAudio sink, heard by another program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from breathcue.diagnostics import MissingError
from breathcue.live.outputs.output import Output, open_output, outputs
from pulse import DESCRIPTION, RATE, Pulse
from tries import until_right

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.sound

CLICK_EVERY = RATE // 2
CLICK_SAMPLES = 24
GROUND = 400
"""A constant under the clicks, so that a drop-out of a single sample shows as a nought."""


class Tape:
    """A player that gives the samples it was made with, once, then silence; it remembers when each was asked for."""

    def __init__(self, samples: NDArray[np.int16]) -> None:
        self._bytes = memoryview(samples.astype("<i2").tobytes())
        self._position = 0
        self.done = threading.Event()
        self.calls: list[tuple[float, int, int]] = []
        """When, how many frames, and how many had been given before."""

    def pull(self, frames: int) -> memoryview:
        self.calls.append((time.monotonic(), frames, self._position // 2))
        part = self._bytes[self._position : self._position + 2 * frames]
        self._position += len(part)
        if len(part) == 2 * frames:
            return part
        self.done.set()
        return memoryview(bytes(part) + bytes(2 * frames - len(part)))


def clicks(seconds: float) -> NDArray[np.int16]:
    """Return a click every half second on a constant ground, from half a second on."""
    samples = np.full(int(seconds * RATE), GROUND, np.int16)
    for start in range(CLICK_EVERY, len(samples) - CLICK_SAMPLES, CLICK_EVERY):
        samples[start : start + CLICK_SAMPLES] = 20_000
    return samples


def onsets(samples: NDArray[np.int16]) -> NDArray[np.intp]:
    loud = samples > 10_000
    return np.flatnonzero(loud[1:] & ~loud[:-1]) + 1


def playing() -> Output:
    """Return an output that plays a long tape and has done so for a moment."""
    output = open_output(None)
    tape = Tape(clicks(30.0))
    output.start(tape.pull)
    assert until(lambda: len(tape.calls) > 30)
    assert output.alive
    return output


def play(output: Output, tape: Tape) -> None:
    output.start(tape.pull)
    assert tape.done.wait(60)
    output.stop()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def busy_threads(number: int) -> Iterator[None]:
    """Let threads fight for the interpreter, as synthesis and a screen do."""
    ending = threading.Event()

    def work() -> None:
        while not ending.is_set():
            sum(i * i for i in range(1000))

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("busy", [0, 2])
def test_what_is_pulled_is_heard_sample_for_sample(pulse: Pulse, tmp_path: Path, busy: int) -> None:
    def hear_it(folder: Path) -> None:
        sent = clicks(6.0)
        with pulse.record(folder / "heard") as recording, busy_threads(busy):
            play(open_output(None), Tape(sent))
        heard = recording.samples
        inside = heard[np.flatnonzero(heard)[0] : np.flatnonzero(heard)[-1] + 1]
        assert np.array_equal(inside, sent)

    until_right(hear_it, tmp_path)


def test_the_outputs_are_listed_and_chosen_by_name(pulse: Pulse, tmp_path: Path) -> None:
    pulse.pactl(
        "load-module", "module-null-sink", "sink_name=other", "sink_properties=device.description=Kitchen"
    )
    assert {(o.name, o.is_default) for o in outputs()} == {(DESCRIPTION, True), ("Kitchen", False)}
    with pulse.record(tmp_path / "heard") as recording:
        kitchen = open_output("kitch")
        play(kitchen, Tape(clicks(0.7)))
    assert kitchen.name == "Kitchen"
    assert not recording.samples.any()
    with pulse.record(tmp_path / "heard") as recording:
        play(open_output(DESCRIPTION.upper()), Tape(clicks(0.7)))
    assert len(onsets(recording.samples)) == 1


def test_it_asks_in_small_steps_ahead_by_the_latency(pulse: Pulse) -> None:
    output = open_output(None, 200)
    tape = Tape(clicks(1.5))
    play(output, tape)
    assert output.latency_ms == 200
    assert {frames for _, frames, _ in tape.calls} == {960}


def test_a_server_that_dies_is_noticed_and_a_new_one_is_used(pulse: Pulse, tmp_path: Path) -> None:
    output = playing()
    pulse.kill()
    assert until(lambda: not output.alive)
    output.stop()
    with pytest.raises(MissingError) as caught:
        open_output(None)
    assert caught.value.diagnostics[0].code == "no-audio-device"
    assert outputs() == ()
    pulse.restart()
    with pulse.record(tmp_path / "heard") as recording:
        play(open_output(None), Tape(clicks(1.2)))
    assert len(onsets(recording.samples)) == 2


def test_a_server_that_hangs_is_noticed_and_does_not_hang_us(pulse: Pulse) -> None:
    output = playing()
    with pulse.frozen():
        assert until(lambda: not output.alive)
        stopping = threading.Thread(target=output.stop, daemon=True)
        stopping.start()
        assert until(lambda: not stopping.is_alive())


def test_a_loudspeaker_that_is_unplugged_is_noticed(pulse: Pulse) -> None:
    output = playing()
    pulse.remove_sink()
    assert until(lambda: not output.alive)
    output.stop()


def test_a_sink_to_nowhere_is_no_loudspeaker(pulse: Pulse) -> None:
    pulse.remove_sink()
    pulse.pactl("load-module", "module-always-sink")
    assert "auto_null" in pulse.pactl("list", "short", "sinks")
    assert outputs() == ()
    with pytest.raises(MissingError):
        open_output(None)
