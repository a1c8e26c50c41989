//! Nothing but tests: `tests/firefox`, `tests/opensk`.
