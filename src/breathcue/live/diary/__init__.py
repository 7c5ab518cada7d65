"""What is remembered of live sessions, on this machine only."""
