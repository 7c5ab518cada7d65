"""YAML text becomes a Routine, or diagnostics that show the line and the fix."""
