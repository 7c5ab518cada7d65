"""The colours of the screen: light and dark, each also for terminals that have sixteen colours only."""

from __future__ import annotations

from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    text: str,
    background: str,
    quiet: str,
    track: str,
    inhale: str,
    exhale: str,
    hold: str,
    warning: str,
) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=inhale,
        accent=inhale,
        warning=warning,
        foreground=text,
        background=background,
        surface=background,
        variables={"quiet": quiet, "track": track, "inhale": inhale, "exhale": exhale, "hold": hold},
    )


DARK = _theme(
    "breathcue-dark",
    dark=True,
    text="#eceff4",
    background="#11161d",
    quiet="#8f9bab",
    track="#28323f",
    inhale="#8ec7d2",
    exhale="#a5c99b",
    hold="#e8c07d",
    warning="#f0a58f",
)
LIGHT = _theme(
    "breathcue-light",
    dark=False,
    text="#1b222b",
    background="#f6f4ef",
    quiet="#626a75",
    track="#d9d6cd",
    inhale="#1d6a7d",
    exhale="#3c6b35",
    hold="#8a5a00",
    warning="#a03d1f",
)
DARK_16 = _theme(
    "breathcue-dark-16",
    dark=True,
    text="#ffffff",
    background="#000000",
    quiet="#c0c0c0",
    track="#808080",
    inhale="#00ffff",
    exhale="#00ff00",
    hold="#ffff00",
    warning="#ff0000",
)
"""The same in colours that sixteen-colour terminals have; soft ones would all turn into the same grey there."""
LIGHT_16 = _theme(
    "breathcue-light-16",
    dark=False,
    text="#000000",
    background="#ffffff",
    quiet="#808080",
    track="#c0c0c0",
    inhale="#008080",
    exhale="#008000",
    hold="#800080",
    warning="#800000",
)
THEMES = (DARK, LIGHT, DARK_16, LIGHT_16)


def theme_name(*, dark: bool, few: bool) -> str:
    """Return the theme for a dark or a light screen; ``few`` says that it has sixteen colours."""
    return next(theme.name for theme in THEMES if theme.dark == dark and theme.name.endswith("16") == few)
