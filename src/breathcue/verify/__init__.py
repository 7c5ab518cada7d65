"""A sound file + what it should hold -> what is true of it, found in its samples."""
