//! Verifies `eid-x509` attestations: that a WebAuthn registration was signed by the eID card of a person whose
//! certificate chains to a pinned national certification authority.
//!
//! The format is specified in `docs/attestation-format.md`. This crate is what a relying party embeds; it needs no
//! particular server, database or clock. It judges the attestation only: type, challenge, origin, RP ID and the
//! credential's algorithm remain the WebAuthn library's business, on the *same bytes*
//! ([`Verdict::none_rewrap`] makes them acceptable to one that knows nothing of this format). Accept a registration
//! only if both pass.
//!
//! | you have | you call | you get |
//! |---|---|---|
//! | a registration's attestation object and client data hash | [`verify`] | [`Verdict`] or the one reason, [`Refused`] |
//! | the same, and want to know why | [`explain_registration`] | [`Report`]: the outcome of every [`Rule`] |
//! | a certificate file | [`explain_certificate`] | the same, for the certificate alone |
//!
//! A verdict also says whose key the credential has ([`CredentialKey`]): the card's own, so that every sign-in is a
//! signature by the certified key, or another one.
//!
//! Who is trusted is data: a [`Profile`] names one issuer, its pinned anchors and what its certificates look like.
//! Revocation comes from a source of yours ([`Revocation`]); without one a verdict says *not checked*, in its type.
//!
//! # What `Ok` means
//! That a card signed this registration, whose certificate a trusted issuer made and which is in its dates. Two things it
//! leaves to you, in types, so that they cannot be read past: whether the certificate still counts ([`Verdict::revocation`];
//! [`RevocationOutcome::NotChecked`] is what everybody gets who passes no source, and a lost card's certificate passes like
//! that) and whose word it is ([`Class`]: a practice card vouches for nobody).
//!
//! The crate is in no registry yet. In `Cargo.toml`, with a clone beside your project or with the address you cloned from:
//!
//! ```toml
//! eid-attestation = { path = "../jpki-for-webauthn/relying-party/attestation" }
//! ```
//!
//! ```
//! use eid_attestation::{
//!     Class, CredentialKey, Profile, Profiles, Refused, RevocationOutcome, UnixTime, explain_certificate, verify,
//! };
//! use sha2::{Digest, Sha256};
//! use std::error::Error;
//! use std::time::SystemTime;
//!
//! /// Answers what to hand to the WebAuthn library, for a registration with a card of Japan's JPKI.
//! fn vouched_for(attestation_object: &[u8], client_data_json: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
//!     let mut trusted = Profiles::new();
//!     trusted.insert(Profile::builtin("jpki")?)?;
//!
//!     let client_data_hash: [u8; 32] = Sha256::digest(client_data_json).into();
//!     let now = UnixTime::from(SystemTime::now());
//!     let source = None; // your `Revocation`: CRLs or OCSP answers that you fetched and verified
//!     let verdict = verify(attestation_object, &client_data_hash, &trusted, source, now)?;
//!
//!     if verdict.profile.class != Class::Production {
//!         return Err("a test or practice card".into());
//!     }
//!     match verdict.revocation {
//!         RevocationOutcome::Good { .. } => {}
//!         // Nobody was asked. Go on only if your policy says so, and never show it as good.
//!         RevocationOutcome::NotChecked => return Err("revocation was not checked".into()),
//!     }
//!     match verdict.credential_key {
//!         // Each sign-in will be a signature by the card. The public key identifies the person: seal it.
//!         CredentialKey::Certificate => {}
//!         CredentialKey::Other => {}
//!     }
//!     Ok(verdict.none_rewrap())
//! }
//!
//! // An attestation object of format "none" is canonical, but nobody vouches with it.
//! let none = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x40";
//! let refused = vouched_for(none, &[0; 32]).unwrap_err();
//! let refused: &Refused = refused.downcast_ref().unwrap();
//! assert_eq!(refused.code(), "other-format");
//!
//! // Why is this certificate refused? It is a test card's.
//! let certificate = include_bytes!(concat!(
//!     env!("CARGO_MANIFEST_DIR"),
//!     "/tests/fixtures/jpki-test-authentication.cer"
//! ));
//! let at = UnixTime::from_secs(1_780_272_000);
//! let report = explain_certificate(certificate, &Profile::builtin("jpki").unwrap(), at);
//! assert_eq!(report.refused(), Some(&Refused::UnknownIssuer));
//! let report = explain_certificate(certificate, &Profile::builtin("jpki-test").unwrap(), at);
//! assert_eq!(report.refused(), None);
//! ```

#![forbid(unsafe_code)]

/// The README's example is compiled too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod attestation_object;
mod authenticator_data;
mod cbor;
mod certificate;
mod credential_key;
mod faults;
mod holder;
mod profile;
mod refused;
mod report;
mod revocation;
mod rules;
mod statement;
mod time;
mod verdict;
mod verify;

pub use credential_key::CredentialKey;
pub use der::asn1::ObjectIdentifier;
pub use faults::{
    AuthenticatorDataFault, CborFault, CredentialKeyFault, EncodingFault, KeyKind, StatementFault,
};
pub use holder::{DistributionPoints, Holder, KeyHash, SerialNumber};
pub use profile::{Anchor, AnchorError, Class, Profile, ProfileError, Profiles};
pub use refused::Refused;
pub use report::{AnchorSummary, Outcome, ProfileSummary, Report, RuleOutcome};
pub use revocation::{
    Revocation, RevocationOutcome, RevocationQuery, RevocationReason, RevocationStatus,
};
pub use rules::Rule;
pub use time::UnixTime;
pub use verdict::Verdict;
pub use verify::{explain_certificate, explain_registration, verify};

/// The attestation statement format identifier, as in `fmt`.
pub const FORMAT: &str = "eid-x509";
