//! A practice JPKI: certification authorities, people, and certificates right or wrong.

mod algorithm;
mod ca;
mod error;
mod files;
mod generate;
mod key;
mod name;
mod odd;
mod person;
mod profile;
mod shared;
mod template;

pub use algorithm::SignatureAlgorithm;
pub use ca::{Ca, CaTemplate, SubjectPublicKey};
pub use const_oid::ObjectIdentifier;
pub use error::PkiError;
pub use files::{CaEntry, Index, PersonEntry, Validity, person_folder};
pub use generate::{FEWEST_PEOPLE, Options, Pki, end_of_day_in_japan, generate, instant, key};
pub use name::Name;
pub use odd::Fault;
pub use person::{Credential, Municipality, Person};
pub use profile::{
    AUTHENTICATION_POLICY, CLIENT_AUTH, SIGNATURE_POLICY, authentication_ca_name,
    distribution_point, signature_ca_name,
};
pub use shared::{shared, shared_key, shared_options};
pub use template::{
    AuthorityKey, BasicConstraints, Extension, KeyIdentifier, LeafTemplate, Marked, OtherName,
    Policy, key_usage,
};
