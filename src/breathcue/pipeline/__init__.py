"""From a session file to a checked timeline with someone to speak it: what every command that compiles shares."""
