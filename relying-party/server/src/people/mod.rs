//! People: the names of their accounts, the codes that link another computer to one, and what an operator does to one.

mod account_name;
mod link_code;
mod operator;

pub use account_name::{AccountName, NameProblem};
pub use link_code::{LINK_CODE_SECONDS, LinkCode, LinkCodeProblem, NotALinkCode};
pub use operator::AccountView;
