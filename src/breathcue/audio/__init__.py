"""Timeline and clips become blocks of samples, and blocks become a file."""
