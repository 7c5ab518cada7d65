"""A session with an easier and a harder form of everything, for tests of what a listener asks for on the way."""

from __future__ import annotations

from breathcue.language.load import Loaded, load_text

FORMS = """\
title: Forms
exercises:
  press:
    title: Push-up
    position: prone
    setup: [Set your hands under your shoulders.]
    rep:
      - exhale: 3s
        say: Press the floor away.
        short: Press.
      - inhale: 3s
        say: Lower your chest slowly.
        short: Lower.
    reps: 12
    sets: 3
    rest: 25s
    easier: {exercise: wall-press}
    harder: {reps: 16, tempo: [4s, 4s], say: Take your time.}
  wall-press:
    title: Wall push-up
    position: standing
    setup: [Set your hands on the wall.]
    rep:
      - exhale: 3s
        say: Press the wall away.
        short: Press.
      - inhale: 3s
        say: Bend your elbows slowly.
        short: Bend.
    reps: 8
    sets: 2
    easier: {reps: 5}
  reach:
    title: Bird dog
    position: hands-and-knees
    sides: alternate
    rep:
      - move: 3s
        breath: exhale
        say: Reach your {side} arm forward.
        short: Reach.
      - hold: 4s
        count: up
      - return: 3s
        breath: inhale
        say: Come back.
    reps: 8
    sets: 2
    rest: 20s
    easier: {reps: 4, hold: 2s, say: "Keep your {side} toes on the floor."}
    harder: {hold: 8s}
  lift:
    title: Leg lift
    position: side-lying
    sides: each
    setup: [Bend your lower leg.]
    rep:
      - exhale: 2s
        say: Lift your {side} leg.
        short: Lift.
      - inhale: 2s
        say: Lower it.
        short: Lower.
    for: 50s
    easier: {for: 30s}
    harder: {for: 70s, sets: 2}
  ladder:
    title: Bridge
    position: supine
    sides: each
    rep:
      - exhale: 3s
        say: Lift your hips over your {side} foot.
        short: Lift.
      - inhale: 3s
        say: Lower your hips.
        short: Lower.
    reps: [4, 6, 8]
    rest: 15s
    easier: {reps: 5, pace: 0.8, say: Lift only halfway.}
  still:
    title: Rocking
    position: supine
    rep:
      - inhale: 3s
        say: Rock to the right.
        short: Right.
      - exhale: 3s
        say: Rock to the left.
        short: Left.
    reps: 5
steps:
  - breathe: {inhale: 4s, exhale: 6s, rounds: 3}
  - exercise: press
  - rest: 20s
  - exercise: still
  - exercise: reach
  - section: On the floor
    level: harder
    steps:
      - exercise: lift
      - exercise: ladder
        guidance: full
  - exercise: press
    sets: 1
"""


def forms() -> Loaded:
    loaded = load_text(FORMS, "forms.yaml", None)
    assert loaded.routine is not None, loaded.diagnostics
    return loaded
