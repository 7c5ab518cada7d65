"""Timeline becomes text and pages."""
