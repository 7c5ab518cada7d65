"""What a session is made from, as far as its file can be read at all."""

from __future__ import annotations

from pathlib import Path

from breathcue.language.sources import Sources, sources_of

SESSION = """\
title: One
bed: waves.mp3
voice: {engine: recorded, folder: my-voice}
steps:
  - section: Floor
    steps:
      - exercise: lift
      - exercise: cat-cow
      - say: {text: Hello., voice: {engine: recorded, folder: other-voice}}
"""


def within(folder: Path, *names: str) -> frozenset[Path]:
    return frozenset(folder / name for name in names)


def test_the_places_of_exercises_the_bed_and_the_folders_of_recordings(tmp_path: Path) -> None:
    session = tmp_path / "session.yaml"
    session.write_text(SESSION, encoding="utf-8")
    places = ("lift.yaml", "exercises/lift.yaml", "cat-cow.yaml", "exercises/cat-cow.yaml")
    assert sources_of(session) == Sources(
        within(tmp_path, "session.yaml", "waves.mp3", *places), within(tmp_path, "my-voice", "other-voice")
    )


def test_what_an_exercise_beside_it_names_counts_too(tmp_path: Path) -> None:
    session = tmp_path / "session.yaml"
    session.write_text("title: One\nsteps:\n  - exercise: lift\n", encoding="utf-8")
    (tmp_path / "lift.yaml").write_text(
        "rep:\n  - say: {text: Up., voice: {folder: sung}}\n", encoding="utf-8"
    )
    found = sources_of(session)
    assert found is not None
    assert found.folders == within(tmp_path, "sung")


def test_what_is_done_instead_of_an_exercise_counts_too_and_a_circle_ends(tmp_path: Path) -> None:
    session = tmp_path / "session.yaml"
    session.write_text("title: One\nsteps:\n  - exercise: lift\n", encoding="utf-8")
    (tmp_path / "lift.yaml").write_text("instead: other\nrep: []\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("easier: {exercise: third}\ninstead: lift\n", encoding="utf-8")
    found = sources_of(session)
    assert found is not None
    places = [
        place for name in ("lift", "other", "third") for place in (f"{name}.yaml", f"exercises/{name}.yaml")
    ]
    assert found.files == within(tmp_path, "session.yaml", *places)


def test_mistakes_do_not_matter_but_names_that_lead_elsewhere_do(tmp_path: Path) -> None:
    session = tmp_path / "session.yaml"
    session.write_text(
        "bde: x\nbed: ../../secret\nsteps:\n  - exercise: /etc/lift\n  - exercise:\n", encoding="utf-8"
    )
    assert sources_of(session) == Sources(frozenset({session}))


def test_a_file_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    assert sources_of(tmp_path / "nowhere.yaml") is None
    assert sources_of(tmp_path) is None
    session = tmp_path / "session.yaml"
    for text in ("", "title: [", "a: b: c"):
        session.write_text(text, encoding="utf-8")
        assert sources_of(session) is None
