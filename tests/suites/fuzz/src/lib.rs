//! What is fuzzed: see `tests/` for the short run, and `targets/` for the long one.
