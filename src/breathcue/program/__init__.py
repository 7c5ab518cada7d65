"""Programs of several weeks: a checked program into a plan, its sound files, playlists and a calendar."""
