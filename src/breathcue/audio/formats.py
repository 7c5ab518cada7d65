"""The formats of a sound file, one entry each: what it may be asked for, and how it is written.

The bit rates are for one channel of speech and soft tones; 64 kbit/s are 8 kB a second. In 21 minutes of the embedded
voice, none of them lets a peak pass -1 dBTP (Vorbis at 48 kbit/s would: +0.5), and from ``standard`` on no cue sounds
before its time. (Measured at -50 dBFS: in Vorbis, 7 of 502 cues do at 64 kbit/s, by up to 5 ms, and 2 at 96.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import BinaryIO

from breathcue.audio.encode import cut_frames, encode
from breathcue.audio.encoder import LAME_GAIN
from breathcue.audio.linker import UnevenSilenceError, write_linked
from breathcue.audio.loudness import MP3_HEADROOM_DB
from breathcue.audio.metadata import audiobook_metadata, flac_metadata, mp4_metadata, ogg_metadata
from breathcue.audio.mixer import Span, islands
from breathcue.audio.mp3 import frame_bytes, frame_count, info_bytes
from breathcue.audio.order import Job, Quality, Route, Written
from breathcue.audio.pcm import PCM_BYTES
from breathcue.audio.stream import Container, write_streamed
from breathcue.audio.tags import id3_tag
from breathcue.audio.wav import info_chunk, wav_size, write_wav
from breathcue.ffmpeg import find_encoder
from breathcue.timeline.time import SAMPLE_RATE

BitRates = Mapping[Quality, int]


@dataclass(frozen=True, slots=True)
class Format:
    """``bit_rates`` has none where nothing is lost, and ``cover`` says whether the format has a picture.

    ``size`` returns about how many bytes so many samples at a bit rate need, and raises where the format cannot be
    written at all. ``headroom_db`` is how much writing in this format may add to a peak.
    """

    name: str
    bit_rates: BitRates
    cover: bool
    headroom_db: float
    size: Callable[[int, int], int]
    write: Callable[[Job, BinaryIO], Written]


def _write_mp3(job: Job, file: BinaryIO) -> Written:
    """Link a session; encode all of it where a bed leaves no silence, or this encoder's frames cannot be linked."""
    tag = id3_tag(job.label, job.bit_rate)
    file.write(tag)
    if job.bed is not None:
        return Written(_encode_mp3(job, file, len(tag)), Route.UNDER_A_BED)
    try:
        size, linked = write_linked(job, file, len(tag))
    except UnevenSilenceError:
        return Written(_encode_mp3(job, file, len(tag)), Route.BY_THIS_ENCODER)
    return Written(size, Route.LINKED, linked)


def _encode_mp3(job: Job, file: BinaryIO, start: int) -> int:
    def pcm(windows: Iterable[Span]) -> Iterable[memoryview]:
        return job.pcm(windows, extra_gain=1 / LAME_GAIN)

    cuts = cut_frames(islands(job.sources()), job.samples, job.processors)
    return encode(file, start, pcm, job.samples, cuts, bit_rate=job.bit_rate, on_progress=job.on_progress)


def _write_wav(job: Job, file: BinaryIO) -> Written:
    def counted() -> Iterator[memoryview]:
        done = 0
        for data in job.pcm([Span(0, job.samples)]):
            yield data
            done += len(data)
            job.on_progress(done / (PCM_BYTES * job.samples))

    size = write_wav(file, counted(), job.samples, info_chunk(job.label.timeline.title, job.label.author))
    return Written(size, Route.OF_THIS_FORMAT)


def _write_streamed(job: Job, file: BinaryIO, container: Container) -> Written:
    return Written(write_streamed(job, file, container), Route.OF_THIS_FORMAT)


def _mp3_size(samples: int, bit_rate: int) -> int:
    find_encoder()
    return info_bytes(bit_rate) + frame_count(samples) * frame_bytes(bit_rate)


def _wav_size(samples: int, _: int) -> int:
    return wav_size(samples)


def _lossy_size(samples: int, bit_rate: int) -> int:
    find_encoder()
    return samples * bit_rate // (8 * SAMPLE_RATE)


def _flac_size(samples: int, _: int) -> int:
    """Return the size of a session that is half silence, of which FLAC leaves nothing, and half speech."""
    find_encoder()
    return samples * PCM_BYTES // 4


def _rates(low: int, standard: int, high: int) -> BitRates:
    """Return the bit rates in bits a second, from kbit/s."""
    return MappingProxyType(
        {Quality.LOW: 1000 * low, Quality.STANDARD: 1000 * standard, Quality.HIGH: 1000 * high}
    )


_LOSSLESS: BitRates = MappingProxyType({})

# Of 21 minutes of the embedded voice at 64 kbit/s, the careful coder that ffmpeg takes by default is off by 22 dB in
# signal-to-noise ratio and adds 3.3 dB to peaks; the fast one by 29 dB and 0.9, for two thirds of the CPU.
_AAC = ("-c:a", "aac", "-aac_coder", "fast")

# The index goes before the sound, so that a file can be played while it is still being downloaded.
_MP4 = ("-movflags", "+faststart", "-f", "ipod")


def _streamed(
    name: str, bit_rates: BitRates, size: Callable[[int, int], int], container: Container
) -> Format:
    headroom = MP3_HEADROOM_DB if bit_rates else 0.0
    return Format(name, bit_rates, True, headroom, size, partial(_write_streamed, container=container))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".mp3": Format("MP3", _rates(56, 64, 128), True, MP3_HEADROOM_DB, _mp3_size, _write_mp3),
        ".m4a": _streamed(
            "AAC",
            _rates(48, 64, 128),
            _lossy_size,
            Container(_AAC, _MP4, mp4_metadata, "mutagen.mp4.MP4", picture_stream=True),
        ),
        ".m4b": _streamed(
            "AAC audiobook",
            _rates(48, 64, 128),
            _lossy_size,
            Container(
                _AAC,
                (*_MP4, "-brand", "M4B "),
                audiobook_metadata,
                "mutagen.mp4.MP4",
                picture_stream=True,
            ),
        ),
        ".opus": _streamed(
            "Opus",
            _rates(32, 48, 96),
            _lossy_size,
            Container(("-c:a", "libopus"), ("-f", "opus"), ogg_metadata, "mutagen.oggopus.OggOpus"),
        ),
        ".ogg": _streamed(
            "Ogg Vorbis",
            _rates(80, 112, 160),
            _lossy_size,
            Container(("-c:a", "libvorbis"), ("-f", "ogg"), ogg_metadata, "mutagen.oggvorbis.OggVorbis"),
        ),
        ".flac": _streamed(
            "FLAC",
            _LOSSLESS,
            _flac_size,
            Container(
                ("-c:a", "flac"), ("-f", "flac"), flac_metadata, "mutagen.flac.FLAC", picture_stream=True
            ),
        ),
        ".wav": Format("WAV", _LOSSLESS, False, 0.0, _wav_size, _write_wav),
    }
)
"""By the suffix of the file's name."""
