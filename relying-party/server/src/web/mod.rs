//! HTTP: pages, JSON endpoints, and what defends both.

mod account;
mod api;
mod assets;
mod client;
mod cross_site;
mod dates;
mod headers;
mod health;
mod language;
mod observe;
mod pages;
mod problem;
mod router;
mod serve;
mod session;
mod texts;

pub use router::router;
pub use serve::serve;
