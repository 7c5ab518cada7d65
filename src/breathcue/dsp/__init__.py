"""Pure functions on arrays of samples: loudness, true peak, limiter, trimming, fades."""
