"""Utterances become clips: engines, their registry, the cache, and making text speakable."""
