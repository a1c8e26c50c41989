//! Backups of pairwise credentials: when one is offered.

mod advice;

pub(crate) use advice::{Advice, advise};
