"""Where the sound goes: a loudspeaker, a recording, nobody."""
