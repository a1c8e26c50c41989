//! People: the names of their accounts.

mod account_name;

pub use account_name::{AccountName, NameProblem};
