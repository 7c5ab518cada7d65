"""The documented meaning of every diagnostic code, one module a room."""
