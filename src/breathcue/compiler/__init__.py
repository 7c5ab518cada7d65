"""Routine becomes Timeline: plan, narrate, fit, schedule."""
