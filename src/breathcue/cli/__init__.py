"""The click commands, one module a group, with no logic of their own."""
