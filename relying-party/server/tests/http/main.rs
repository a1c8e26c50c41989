//! The relying party over real HTTP, with a software authenticator and the practice hierarchy.

mod accounts;
mod attestation;
mod authenticator;
mod browser;
mod ceremonies;
mod challenges;
mod cross_site;
mod pages;
mod sessions;
mod sign_in;
mod world;
