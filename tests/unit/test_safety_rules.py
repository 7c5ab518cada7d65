"""The rules of safety: each has a reason and a source, and all are told wherever a session is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breathcue.diagnostics import Severity
from breathcue.diagnostics.catalogue import safety as catalogue
from breathcue.diagnostics.codes import CODES
from breathcue.language.load import check_file, load_session, load_text
from breathcue.language.names import audiences, languages
from breathcue.language.safety import rules
from workspace import ROOT, SESSIONS

POSTPARTUM = ROOT / "sessions" / "postpartum-back-relief.yaml"
BARE = "title: T\nlanguage: {language}\naudience: postpartum\nsteps:\n  - exercise: {exercise}\n"


def test_every_rule_has_a_code_and_every_code_a_rule() -> None:
    assert set(rules()) == {code.name for code in catalogue.CODES}
    assert all(CODES[name].severity is Severity.WARNING for name in rules())


@pytest.mark.parametrize("name", rules())
def test_a_rule_tells_why_and_who_says_so(name: str) -> None:
    rule = rules()[name]
    assert re.fullmatch(r"[A-Z\"][^.]*\.", rule.reason)
    assert rule.source.endswith(".")
    assert rule.audience is None or rule.audience in audiences()
    # Guidance differs: a number that is not attributed, or owned to be a choice, would be advice.
    numbers = re.search(r"\b(?:six|eight|three|twenty|thirty)\b", rule.source)
    assert numbers is None or re.search(
        r"United Kingdom|NHS|choice of this project|limit of this project", rule.source
    )


def test_the_session_for_the_time_after_birth_says_so_and_lacks_nothing() -> None:
    assert "audience: postpartum" in POSTPARTUM.read_text(encoding="utf-8")
    assert check_file(POSTPARTUM) == ()


@pytest.mark.parametrize("missing", ["clearance: true", "stop-if:", "rest: ", "water", "breathe:"])
def test_taking_one_thing_out_of_it_is_noticed(missing: str, tmp_path: Path) -> None:
    lines = POSTPARTUM.read_text(encoding="utf-8").splitlines()
    if missing == "stop-if:":
        begin = next(index for index, line in enumerate(lines) if "stop-if:" in line)
        end = next(index for index, line in enumerate(lines) if line == "steps:")
        left = [*lines[:begin], *lines[end:]]
    elif missing == "water":
        left = [
            re.sub(r"(?i)water, |drink some water, and |, and take a sip of water", "", line)
            for line in lines
        ]
    elif missing == "breathe:":
        text = re.sub(r"\n +- breathe: .*(?:\n +optional: true)?", "", "\n".join(lines))
        left = [line for line in text.splitlines() if not re.search(r"gently|slowest", line)]
        left = [line.replace("exercise: pelvic-tilt", "exercise: bird-dog") for line in left]
    else:
        # A step goes with the line that makes it optional; one that has other keys before it keeps those.
        text = re.sub(rf"\n +- {re.escape(missing)}.*\n +optional: true", "", "\n".join(lines))
        left = [line for line in text.splitlines() if missing not in line]
    file = tmp_path / "session.yaml"
    file.write_text("\n".join(left) + "\n", encoding="utf-8")
    expected = {
        "clearance: true": "no-clearance",
        "stop-if:": "no-stop-signs",
        "rest: ": "no-rest",
        "water": "no-water",
        "breathe:": "no-gentle-start",
    }
    assert expected[missing] in {each.code for each in check_file(file)}


@pytest.mark.parametrize("language", languages())
def test_rules_hold_in_every_language_and_wherever_a_session_is_read(language: str) -> None:
    text = BARE.format(language=language, exercise="bird-dog")
    found = load_text(text, "s.yaml", None)
    assert found.routine is not None
    assert {each.code for each in found.diagnostics} == {
        "no-clearance",
        "no-stop-signs",
        "no-water",
        "no-gentle-start",
        "no-closing",
    }
    assert all(each.fix and rules()[each.code].reason in each.message for each in found.diagnostics)


def test_without_an_audience_only_what_holds_for_everyone_is_looked_at() -> None:
    text = BARE.format(language="en", exercise="bird-dog").replace("audience: postpartum\n", "")
    assert load_text(text, "s.yaml", None).diagnostics == ()


def test_nested_repeats_are_followed_without_unfolding_them() -> None:
    steps = "  - repeat: 1\n    steps:\n"
    depth = 20
    text = "title: T\nsteps:\n" + "".join(
        "".join(f"{'    ' * level}{line}\n" for line in steps.splitlines()) for level in range(depth)
    )
    text += f"{'    ' * depth}  - exercise: bridge\n{'    ' * depth}  - exercise: bird-dog\n"
    assert load_text(text, "s.yaml", None).diagnostics == ()


def test_the_ready_made_sessions_keep_the_rules() -> None:
    for path in SESSIONS:
        assert load_session(path).diagnostics == ()
