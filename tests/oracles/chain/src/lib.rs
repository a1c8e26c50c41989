//! Nothing but tests: `tests/chain`.
