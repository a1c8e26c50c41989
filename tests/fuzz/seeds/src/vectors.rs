//! The test vectors (`tests/vectors`), read where they lie.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file of the vectors.
pub fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../vectors")
        .join(file)
}

/// A file's bytes.
pub fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(path(file)).unwrap()
}

/// Every vector of a folder, by file name.
pub fn folder(name: &str) -> Vec<Value> {
    let entries = std::fs::read_dir(path(name)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
        .collect()
}

/// The registrations whose attestation is faultless: those to be accepted, then those that fail only WebAuthn's own checks.
pub fn faultless() -> Vec<Value> {
    let refused = folder("registrations/refused").into_iter();
    let by_webauthn = refused.filter(|vector| vector["expected"]["refused"]["by"] == "webauthn");
    let accepted = folder("registrations/accepted").into_iter();
    accepted.chain(by_webauthn).collect()
}

/// The registrations that somebody at some time accepts: the faultless ones, and those that come too early or too late, are revoked,
/// or are shown to one who trusts others.
pub fn acceptable() -> Vec<Value> {
    let elsewhere = [
        "practice_card_under_the_production_profile",
        "ruritanian_card_under_the_lab_profile",
    ];
    let mut acceptable = refused_by(&["revocation", "anchor-validity", "certificate-validity"]);
    let refused = folder("registrations/refused").into_iter();
    acceptable
        .extend(refused.filter(|vector| elsewhere.iter().any(|name| vector["name"] == *name)));
    acceptable.extend(faultless());
    acceptable
}

/// The registrations whose certificate, if it can be read, is faultless.
pub fn certified() -> Vec<Value> {
    let mut certified = acceptable();
    certified.extend(refused_by(&[
        "attestation-object",
        "statement",
        "authenticator-data",
        "statement-algorithm",
        "statement-signature",
    ]));
    certified
}

/// The registrations that fail one of these rules.
fn refused_by(rules: &[&str]) -> Vec<Value> {
    let refused = folder("registrations/refused").into_iter();
    let by = |vector: &Value, rule: &str| vector["expected"]["refused"]["rule"] == rule;
    refused
        .filter(|vector| rules.iter().any(|rule| by(vector, rule)))
        .collect()
}

/// A member shown as hex, at `pointer` (RFC 6901).
pub fn hex(vector: &Value, pointer: &str) -> Vec<u8> {
    find_hex(vector, pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

/// The same, where it may be missing.
pub fn find_hex(vector: &Value, pointer: &str) -> Option<Vec<u8>> {
    let text = vector.pointer(pointer)?.as_str()?;
    Some(hex::decode(text).unwrap())
}

/// The same, of a fixed length.
pub fn array<const N: usize>(vector: &Value, pointer: &str) -> [u8; N] {
    hex(vector, pointer).try_into().unwrap()
}
