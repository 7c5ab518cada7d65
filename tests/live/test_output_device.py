"""The loudspeaker output and the choice of outputs, with a miniaudio that only pretends."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from breathcue.diagnostics import BreathcueError, MissingError, RequestError
from breathcue.live.outputs import device as device_module
from breathcue.live.outputs import speakers as speakers_module
from breathcue.live.outputs import turns as turns_module
from breathcue.live.outputs.device import DeviceOutput, Shape, buffer_shape
from breathcue.live.outputs.output import OutputInfo, open_output, outputs
from breathcue.live.outputs.speakers import Speaker, default_speaker
from breathcue.timeline.time import Ms

SILENCE = b""


class FakeError(Exception):
    """Stands for MiniaudioError."""


class FakeDevice:
    """A device whose callbacks are made by hand."""

    def __init__(self, library: FakeMiniaudio, **settings: Any) -> None:
        if library.refuses_to_open:
            raise FakeError("failed to init device", -401)
        self.library = library
        self.settings = settings
        self.pulse_latency = os.environ.get("PULSE_LATENCY_MSEC")
        self.stop_callback: Callable[[], None] | None = None
        self.closed = False
        self.feed: Generator[Any, int, None] | None = None
        library.devices.append(self)

    def start(self, feed: Generator[Any, int, None]) -> None:
        if self.library.refuses_to_start:
            raise FakeError("failed to start audio device", -1)
        self.feed = feed

    def ask(self, frames: int) -> bytes:
        assert self.feed is not None
        return bytes(self.feed.send(frames))

    def close(self) -> None:
        if self.library.hangs:
            time.sleep(60)
        self.closed = True


@dataclass
class FakeMiniaudio:
    """As much of miniaudio as is used; ``backends`` holds the (name, id, is default) of the devices of each."""

    backends: dict[str, list[tuple[str, bytes, bool]] | None]
    refuses_to_open: bool = False
    refuses_to_start: bool = False
    hangs: bool = False
    devices: list[FakeDevice] = field(default_factory=list)
    MiniaudioError = FakeError
    SampleFormat = SimpleNamespace(SIGNED16="s16")
    ffi = SimpleNamespace(buffer=lambda identity: identity)

    @property
    def Backend(self) -> dict[str, Any]:  # noqa: N802 - miniaudio's own name
        return {name: SimpleNamespace(name=name) for name in speakers_module._BACKENDS}

    def is_backend_enabled(self, backend: Any) -> bool:
        return backend.name in self.backends

    def Devices(self, backends: list[Any]) -> Any:  # noqa: N802
        found = self.backends[backends[0].name]
        if found is None:
            raise FakeError("cannot init context", -203)
        listing = SimpleNamespace(_get_info=None)
        listing.get_playbacks = lambda: [
            {"name": name, "id": identity, **listing._get_info(1, SimpleNamespace(isDefault=int(default)))}
            for name, identity, default in found
        ]
        return listing

    def PlaybackDevice(self, **settings: Any) -> FakeDevice:  # noqa: N802
        return FakeDevice(self, **settings)


TWO = [("Built-in Audio", b"alsa_output.pci", True), ("USB Headset", b"alsa_output.usb", False)]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeMiniaudio]:
    """Put a miniaudio with these back ends in place of the real one."""

    def put(**backends: list[tuple[str, bytes, bool]] | None) -> FakeMiniaudio:
        library = FakeMiniaudio(backends)
        monkeypatch.setitem(sys.modules, "miniaudio", library)  # type: ignore[arg-type]
        return library

    return put


Install = Callable[..., FakeMiniaudio]


def code_and_words(error: BreathcueError) -> tuple[str, str]:
    diagnostic = error.diagnostics[0]
    return diagnostic.code, f"{diagnostic.message} {diagnostic.fix}"


def samples(frames: int) -> memoryview:
    return memoryview(b"\1\2" * frames)


def test_the_outputs_are_those_of_the_first_back_end_that_has_any(install: Install) -> None:
    install(PULSEAUDIO=None, ALSA=[("Card", b":0,0", False), ("Default", b"default", True)], OSS=None)
    assert outputs() == (OutputInfo("Card", False), OutputInfo("Default", True))


def test_what_leads_nowhere_is_no_output(install: Install) -> None:
    install(PULSEAUDIO=[("Dummy Output", b"auto_null", True)], ALSA=[("Default", b"default", True)])
    assert outputs() == ()
    install(
        PULSEAUDIO=None, ALSA=[("Discard all samples", b"null", False), ("Resampler", b"speexrate", False)]
    )
    assert outputs() == ()
    with pytest.raises(MissingError) as caught:
        open_output(None)
    code, words = code_and_words(caught.value)
    assert code == "no-audio-device"
    assert "PulseAudio does not answer, and ALSA has none" in words
    assert "--output null" in words
    assert "breathcue render" in words


def test_the_default_follows_the_systems_choice(install: Install) -> None:
    library = install(PULSEAUDIO=TWO)
    output = open_output(None)
    assert output.name == "Built-in Audio"
    assert library.devices[0].settings["device_id"] is None
    assert default_speaker([Speaker("A", False, "ALSA", b"1")]) == Speaker("A", True, "ALSA")


@pytest.mark.parametrize("choice", ["USB Headset", "usb headset", "headset", " usb "])
def test_an_output_is_chosen_by_its_name_or_a_part_of_it(install: Install, choice: str) -> None:
    library = install(PULSEAUDIO=TWO)
    assert open_output(choice).name == "USB Headset"
    assert library.devices[0].settings["device_id"] == b"alsa_output.usb"


def test_the_whole_name_wins_over_a_part_of_another(install: Install) -> None:
    install(PULSEAUDIO=[("Headset Pro", b"1", False), ("Headset", b"2", True)])
    assert open_output("headset").name == "Headset"


@pytest.mark.parametrize(("choice", "says"), [("u", "Several outputs"), ("Radio", "No output")])
def test_a_name_that_does_not_single_one_out(install: Install, choice: str, says: str) -> None:
    install(PULSEAUDIO=TWO)
    with pytest.raises(RequestError) as caught:
        open_output(choice)
    code, words = code_and_words(caught.value)
    assert code == "unknown-output"
    assert says in words
    assert "Built-in Audio; USB Headset" in words


def test_other_sound_files_are_refused(install: Install) -> None:
    install(PULSEAUDIO=TWO)
    with pytest.raises(RequestError) as caught:
        open_output("Session.MP3")
    assert code_and_words(caught.value)[0] == "unknown-format"


def test_without_miniaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with pytest.raises(MissingError) as caught:
        open_output(None)
    code, words = code_and_words(caught.value)
    assert code == "miniaudio-missing"
    assert "pip install miniaudio" in words
    assert outputs() == ()
    assert open_output("null").name == "no sound"


def test_a_device_that_cannot_be_opened_or_started(install: Install) -> None:
    library = install(PULSEAUDIO=TWO)
    library.refuses_to_open = True
    with pytest.raises(MissingError) as caught:
        open_output(None)
    assert "“Built-in Audio” cannot be opened (failed to init device)" in code_and_words(caught.value)[1]
    library.refuses_to_open = False
    library.refuses_to_start = True
    output = open_output(None)
    with pytest.raises(MissingError) as caught:
        output.start(samples)
    assert code_and_words(caught.value)[0] == "no-audio-device"
    assert not output.alive
    output.stop()
    assert library.devices[0].closed


@pytest.mark.parametrize(
    ("backend", "latency", "shape"),
    [
        ("PULSEAUDIO", 200, Shape(Ms(20), 10)),
        ("ALSA", 40, Shape(Ms(20), 2)),
        ("ALSA", 50, Shape(Ms(25), 2)),
        ("WASAPI", 20, Shape(Ms(10), 2)),
        ("COREAUDIO", 200, Shape(Ms(80), 2)),
        ("COREAUDIO", 40, Shape(Ms(20), 2)),
    ],
)
def test_a_buffer_is_divided_to_suit_its_back_end(backend: str, latency: int, shape: Shape) -> None:
    assert buffer_shape(backend, Ms(latency)) == shape


def test_pulseaudio_is_told_its_buffer_and_nobody_else_is(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_LATENCY_MSEC", "30")
    library = install(PULSEAUDIO=TWO)
    assert open_output(None, 120).latency_ms == 120
    assert library.devices[0].pulse_latency == "120"
    assert os.environ["PULSE_LATENCY_MSEC"] == "30"
    monkeypatch.delenv("PULSE_LATENCY_MSEC")
    open_output(None, 120)
    assert "PULSE_LATENCY_MSEC" not in os.environ
    library = install(WASAPI=TWO)
    open_output(None, 120)
    assert library.devices[0].pulse_latency is None


@pytest.mark.parametrize(("asked", "given"), [(1, 20), (200, 200), (10**9, 2000)])
def test_the_latency_is_kept_within_bounds(install: Install, asked: int, given: int) -> None:
    install(PULSEAUDIO=TWO)
    assert open_output(None, asked).latency_ms == given


def started(
    library: FakeMiniaudio, pull: Callable[[int], memoryview] = samples
) -> tuple[DeviceOutput, FakeDevice]:
    output = open_output(None, 20)
    assert isinstance(output, DeviceOutput)
    output.start(pull)
    return output, library.devices[-1]


def test_the_device_gets_what_is_pulled_after_a_moment_of_silence(install: Install) -> None:
    output, device = started(install(PULSEAUDIO=TWO))
    assert device.ask(960) == SILENCE
    assert device.ask(960) == SILENCE
    assert device.ask(960) == bytes(samples(960))
    assert device.ask(17) == bytes(samples(17))
    assert output.alive
    feed = device.feed
    output.stop()
    assert feed is not None
    assert feed.send(960) == SILENCE
    assert device.closed
    assert not output.alive
    output.stop()


def test_threads_take_short_turns_while_it_plays(install: Install) -> None:
    before = sys.getswitchinterval()
    output, _ = started(install(PULSEAUDIO=TWO))
    assert sys.getswitchinterval() == pytest.approx(0.0005)
    output.stop()
    assert sys.getswitchinterval() == before


def test_a_device_that_stops_asking_has_vanished(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(
        device_module, "time", SimpleNamespace(monotonic=lambda: now, sleep=lambda _seconds: None)
    )
    output, device = started(install(PULSEAUDIO=TWO))
    device.ask(960)
    now += 9.9  # it has its first buffer, and may still be waking up
    assert output.alive
    device.ask(960)
    now += 0.9
    assert output.alive
    now += 0.2
    assert not output.alive
    output.stop()


def test_a_device_that_says_it_has_stopped_has_vanished(install: Install) -> None:
    output, device = started(install(PULSEAUDIO=TWO))
    assert device.stop_callback is not None
    device.stop_callback()
    assert not output.alive
    output.stop()


def test_a_device_that_hangs_is_left_to_itself(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "_RELEASE_SECONDS", 0.05)
    library = install(PULSEAUDIO=TWO)
    library.hangs = True
    output, device = started(library)
    output.stop()
    assert not device.closed


def test_a_sound_server_that_does_not_answer_is_not_waited_for(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "_ANSWER_SECONDS", 0.05)
    install(PULSEAUDIO=TWO)
    monkeypatch.setattr(FakeMiniaudio, "Devices", lambda *_: time.sleep(60))
    with pytest.raises(MissingError, match="PulseAudio does not answer"):
        open_output(None)


def test_what_pull_raises_is_told_by_stop(install: Install) -> None:
    def fails(_frames: int) -> memoryview:
        raise ZeroDivisionError

    output, device = started(install(PULSEAUDIO=TWO), fails)
    for _ in range(3):
        assert device.ask(960) == SILENCE
    assert not output.alive
    with pytest.raises(ZeroDivisionError):
        output.stop()
    assert device.closed


def test_miniaudios_own_callbacks_reach_the_player() -> None:
    pytest.importorskip("miniaudio")
    asked = []
    enough = threading.Event()

    def pull(frames: int) -> memoryview:
        asked.append(frames)
        if len(asked) == 5:
            enough.set()
        return samples(frames)

    output = DeviceOutput(Speaker("nobody", True, "NULL"), Ms(40))
    output.start(pull)
    assert enough.wait(60)
    assert output.alive
    output.stop()
    assert set(asked) == {960}
