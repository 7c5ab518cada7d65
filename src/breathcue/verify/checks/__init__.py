"""The checks, each a function from what was heard, read or expected to a :class:`breathcue.verify.model.Check`."""
