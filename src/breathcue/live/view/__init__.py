"""What is shown of a live session, and how one asks for something."""
