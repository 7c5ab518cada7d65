"""Pure functions on arrays of samples: filters, loudness, true peak, limiter, fades. Knows nothing of sessions."""
