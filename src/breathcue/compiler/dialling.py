"""Setting the dials of a session so that it lasts as long as it should.

All amounts stand equally far between their low and their high ends, and so do rests; then the rests, which can be set
more finely, take up what whole repetitions leave over. Where they cannot, amounts may be a step above or below that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import gcd

from breathcue.compiler.dials import SECOND, Dial, Panel, Setting

Settings = tuple[Setting, ...]
"""A setting for each panel of a session, in their order."""

Sets = tuple[int, ...]
"""How many sets each panel has."""

_HALVINGS = 40
"""So often is the share halved that is looked for; then only what changes at the very same share is left open."""

_MORE_SETS = (0, 1, -1, 2, -2)
"""So many sets more are tried than stand at the share looked for, best first."""

_FINEST = 50
"""Sums of repetitions are told apart to this many ms."""

_NEAR, _TRIED = 3, 32
"""Where rests cannot take up a whole step, shares up to so many steps away are tried, and so many at the most."""

_SUMS = 200_000
"""So many sums are told apart at the most, whatever their unit."""


def lasting(panels: Sequence[Panel], settings: Settings) -> int:
    """Return how long panels last at their settings, in ms, their words apart."""
    return sum(panel.worked(s) + panel.rests(s) * s.rest for panel, s in zip(panels, settings, strict=True))


def at_share(panels: Sequence[Panel], share: float) -> Settings:
    """Return the settings that are nearest to a share of the way from the low ends to the high ends."""
    return tuple(
        Setting(panel.sets.at(share), panel.amount.at(share), panel.rest.at(share)) for panel in panels
    )


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """How long the words of a session take, in ms: ``known`` for sets of which it was found out, else as ``about``."""

    about: int = 0
    known: Mapping[Sets, int] = field(default_factory=dict)

    def at(self, sets: Sets) -> int:
        """Return how long they take with so many sets of each panel."""
        return self.known.get(sets, self.about)


def sets_of(settings: Settings) -> Sets:
    """Return the sets of each panel."""
    return tuple(setting.sets for setting in settings)


def dialled(panels: Sequence[Panel], wanted: int, words: SpokenTime) -> Settings:
    """Return the settings with which a session lasts as nearly as possible as long as is wanted, in ms.

    A set more or less changes much at once, so sets come first, and the other dials start anew from them.
    """
    best: tuple[int, Settings] | None = None
    for each in _sets_near(panels, _share(panels, wanted - words.about).low):
        left = wanted - words.at(tuple(panel.sets.low for panel in each))
        settings = _with_sets(each, left)
        missed = _miss(panels, settings, left)
        if best is None or missed < best[0]:
            best = missed, settings
        if not missed:
            break
    assert best is not None
    return best[1]


def _sets_near(panels: Sequence[Panel], share: float) -> Iterator[tuple[Panel, ...]]:
    """Yield panels with their sets fixed: as they stand at a share, then with a few more or fewer of them."""
    rises = sorted(
        ((step + 0.5) / panel.sets.span, index)
        for index, panel in enumerate(panels)
        for step in range(panel.sets.span)
    )
    here = bisect_right(rises, (share, len(panels)))
    for more in _MORE_SETS:
        if 0 <= here + more <= len(rises):
            raised = Counter(index for _, index in rises[: here + more])
            sets = [panel.sets.low + raised[index] for index, panel in enumerate(panels)]
            yield tuple(replace(panel, sets=Dial(n, n)) for panel, n in zip(panels, sets, strict=True))


def _with_sets(panels: Sequence[Panel], wanted: int) -> Settings:
    """Return the settings of panels whose sets are fixed."""
    share = _share(panels, wanted)
    steps = list(_steps(panels, share))
    below = [settings for settings in steps if _lasting_at(panels, settings, share.low) <= wanted]
    nearest = [below[-1] if below else steps[0], steps[min(len(below), len(steps) - 1)]]
    # Of those that last as long as wanted, the one whose rests are nearest to the common share is best.
    rested = [(_rested(panels, each, wanted), _lasting_at(panels, each, share.low)) for each in nearest]
    best = min(rested, key=lambda pair: (_miss(panels, pair[0], wanted), abs(pair[1] - wanted)))[0]
    tried = [best]
    for near in _shares_near(panels, share.high) if _miss(panels, best, wanted) else ():
        tried.append(_rested(panels, _mixed(panels, near, wanted), wanted))
        if not _miss(panels, tried[-1], wanted):
            return tried[-1]
    return min(tried, key=lambda settings: _miss(panels, settings, wanted))


def _miss(panels: Sequence[Panel], settings: Settings, wanted: int) -> int:
    """Return by how much settings miss what is wanted; what weights of rests leave over is as good as nothing."""
    missed = abs(lasting(panels, settings) - wanted)
    return missed if missed > _FINEST else 0


@dataclass(frozen=True, slots=True)
class _Between:
    """Shares between which the one lies that is looked for."""

    low: float
    high: float


def _share(panels: Sequence[Panel], wanted: int) -> _Between:
    between = _Between(0.0, 1.0)
    for _ in range(_HALVINGS):
        middle = (between.low + between.high) / 2
        if _lasting_at(panels, at_share(panels, middle), middle) <= wanted:
            between = replace(between, low=middle)
        else:
            between = replace(between, high=middle)
    return between


def _lasting_at(panels: Sequence[Panel], settings: Settings, share: float) -> float:
    """Return how long panels last at their settings, but for rests, which stand at a share."""
    return sum(
        panel.worked(s) + panel.rests(s) * (panel.rest.low + share * panel.rest.span)
        for panel, s in zip(panels, settings, strict=True)
    )


def _steps(panels: Sequence[Panel], share: _Between) -> Iterator[Settings]:
    """Yield the settings between two shares that are all but one: each has one more figure of the higher one."""
    settings, high = list(at_share(panels, share.low)), at_share(panels, share.high)
    yield tuple(settings)
    for index, setting in enumerate(high):
        if setting.amount != settings[index].amount:
            settings[index] = setting
            yield tuple(settings)


def _shares_near(panels: Sequence[Panel], share: float) -> list[float]:
    """Return shares between which some amount passes a whole step, the nearest to a share first."""
    spans = {panel.amount.span / panel.amount.step for panel in panels if panel.amount.span}
    passed = {0.0, 1.0} | {
        min(1.0, max(0.0, step / span))
        for span in spans
        for step in range(int(share * span) - _NEAR, int(share * span) + _NEAR + 1)
    }
    middles = [(low + high) / 2 for low, high in pairwise(sorted(passed))]
    return sorted(middles, key=lambda middle: abs(middle - share))[:_TRIED]


def _mixed(panels: Sequence[Panel], share: float, wanted: int) -> Settings:
    """Return settings whose amounts are each at the step below or above a share, so that all last as long as wanted."""
    floors = [_floor(panel, share) for panel in panels]
    rises = [_rise(panel, floor) for panel, floor in zip(panels, floors, strict=True)]
    rested = tuple(replace(floor, rest=panel.rest.low) for panel, floor in zip(panels, floors, strict=True))
    slack = sum(panel.rests(floor) * panel.rest.span for panel, floor in zip(panels, floors, strict=True))
    raised = _summing(rises, wanted - lasting(panels, rested), slack)
    return tuple(
        _raised(panel, floor) if index in raised else floor
        for index, (panel, floor) in enumerate(zip(panels, floors, strict=True))
    )


def _floor(panel: Panel, share: float) -> Setting:
    amount = panel.amount
    steps = int(amount.span * share) // amount.step
    return Setting(panel.sets.at(share), amount.low + steps * amount.step, panel.rest.at(share))


def _rise(panel: Panel, floor: Setting) -> int:
    """Return how much longer a panel lasts with the next higher amount."""
    return panel.worked(_raised(panel, floor)) - panel.worked(floor)


def _raised(panel: Panel, floor: Setting) -> Setting:
    return replace(floor, amount=min(panel.amount.high, floor.amount + panel.amount.step))


def _summing(rises: Sequence[int], wanted: int, slack: int) -> frozenset[int]:
    """Return which of some lengths to take so that their sum is as near as can be to what is wanted.

    It had best be ``wanted`` at most, and short of it by ``slack`` at most.
    """
    unit = max(_FINEST, gcd(*rises), sum(rises) // _SUMS)
    sums = [1]  # Bit n is set where n units can be reached.
    for rise in rises:
        sums.append(sums[-1] | sums[-1] << round(rise / unit) if rise else sums[-1])
    left = _nearest_bit(sums[-1], (wanted - slack // 2) / unit)
    chosen: set[int] = set()
    for index in reversed(range(len(rises))):
        units = round(rises[index] / unit)
        if not sums[index] >> left & 1:
            chosen.add(index)
            left -= units
    return frozenset(chosen)


def _nearest_bit(bits: int, wanted: float) -> int:
    """Return the place of the set bit that is nearest to ``wanted``."""
    at = max(0, int(wanted))
    below = (bits & ((1 << at + 1) - 1)).bit_length() - 1
    above = bits >> at + 1
    if not above:
        return below
    higher = at + 1 + (above & -above).bit_length() - 1
    return higher if abs(higher - wanted) < abs(below - wanted) else below


# -- rests ---------------------------------------------------------------------------------------------------------


def _rested(panels: Sequence[Panel], settings: Settings, wanted: int) -> Settings:
    """Return settings whose rests take up what is left of ``wanted``, as far as they can.

    They are as equally far into their ranges as whole seconds allow, since that is how they are announced; what is less
    than a second is left to one of them.
    """
    rests = [panel.rests(s) for panel, s in zip(panels, settings, strict=True)]
    worked = sum(panel.worked(s) for panel, s in zip(panels, settings, strict=True))
    room = sum(number * panel.rest.span for number, panel in zip(rests, panels, strict=True))
    least = sum(number * panel.rest.low for number, panel in zip(rests, panels, strict=True))
    share = min(1.0, max(0.0, (wanted - worked - least) / room)) if room else 0.0
    wished = [panel.rest.low + share * panel.rest.span for panel in panels]
    lengths = [
        max(panel.rest.low, int(w) // SECOND * SECOND) for panel, w in zip(panels, wished, strict=True)
    ]
    left = wanted - worked - sum(number * length for number, length in zip(rests, lengths, strict=True))
    turn = [index for index, panel in enumerate(panels) if panel.rest.span and rests[index]]
    for index in sorted(turn, key=lambda i: lengths[i] - wished[i]):
        longer = min(panels[index].rest.high, (lengths[index] // SECOND + 1) * SECOND)
        if rests[index] * (longer - lengths[index]) <= left:
            left -= rests[index] * (longer - lengths[index])
            lengths[index] = longer
    for index in sorted(turn, key=lambda i: (rests[i], lengths[i] - wished[i])):
        more = max(0, min(panels[index].rest.high - lengths[index], left // rests[index]))
        left -= rests[index] * more
        lengths[index] += more
    return tuple(replace(s, rest=length) for s, length in zip(settings, lengths, strict=True))
