"""The intermediate representation: what the body does and what is heard, in integer milliseconds."""
