//! The verifier's side of the test vectors: what must be accepted, and so what must not.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use eid_attestation::{Profile, Profiles, UnixTime};

use crate::vectors;

/// A registration of the vectors whose attestation is faultless.
pub struct Faultless {
    /// The attestation object.
    pub object: Vec<u8>,
    /// SHA-256 over the client data.
    pub client_data_hash: [u8; 32],
    /// The time of the judgement.
    pub at: UnixTime,
}

/// All of them, in the order in which inputs number them.
pub static FAULTLESS: LazyLock<Vec<Faultless>> = LazyLock::new(|| {
    let vectors = vectors::faultless();
    vectors
        .iter()
        .map(|vector| Faultless {
            object: vectors::hex(vector, "/attestation_object"),
            client_data_hash: vectors::array(vector, "/client_data_hash"),
            at: UnixTime::from_secs(vector["at"].as_u64().unwrap()),
        })
        .collect()
});

/// Attestation objects that somebody at some time accepts, with the hash of their client data. Nothing else may be accepted.
pub static ACCEPTABLE: LazyLock<BTreeSet<(Vec<u8>, [u8; 32])>> = LazyLock::new(|| {
    let vectors = vectors::acceptable();
    vectors
        .iter()
        .map(|vector| {
            let object = vectors::hex(vector, "/attestation_object");
            (object, vectors::array(vector, "/client_data_hash"))
        })
        .collect()
});

/// Certificates that some profile at some time finds nothing wrong with. Nothing else may pass.
pub static CERTIFICATES: LazyLock<BTreeSet<Vec<u8>>> = LazyLock::new(|| {
    let vectors = vectors::certified();
    let certificates = vectors
        .iter()
        .filter_map(|vector| vectors::find_hex(vector, "/attestation/x5c/0"));
    certificates.collect()
});

/// Everybody whom some vector trusts.
pub static PROFILES: LazyLock<Profiles> = LazyLock::new(|| {
    let mut profiles = Profiles::new();
    for profile in all_profiles() {
        profiles.insert(profile).unwrap();
    }
    profiles
});

/// The issuers of the vectors, and Japan's own.
pub fn all_profiles() -> [Profile; 4] {
    let file = |name: &str| Profile::from_file(&vectors::path(name)).unwrap();
    [
        file("profiles/lab.toml"),
        file("profiles/ruritania.toml"),
        Profile::builtin("jpki").unwrap(),
        Profile::builtin("jpki-test").unwrap(),
    ]
}
