//! What is sealed: the authenticator's keys and names, the relying party's rows. Only what was sealed opens, and only where it belongs.

#![no_main]

use std::sync::LazyLock;

use authenticator_core::fuzzing::{Seal, names_from_bytes, names_to_bytes};
use authenticator_core::{AccountName, CredentialId, Secrets};
use eid_card::CardKeyHash;
use jpki_fuzz::vectors::{array, bytes, hex};
use jpki_relying_party::keys::{Keys, Sealed};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A registration of the vectors, whose sealed bytes are among the seeds.
struct Known {
    secrets: Secrets,
    id: CredentialId,
    rp_id_hash: [u8; 32],
    user_handle: Vec<u8>,
    card: CardKeyHash,
    signature: Vec<u8>,
    sealed: Vec<u8>,
    scalar: Vec<u8>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let file = bytes("registrations/accepted/pairwise_generation_3.json");
    let file: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let vector = &file["authenticator"];
    let rp_id = vector["stored"]["rp_id"].as_str().unwrap();
    Known {
        secrets: Secrets::new(
            Zeroizing::new(array(vector, "/installation/device_secret")),
            Zeroizing::new(array(vector, "/installation/salt")),
        ),
        id: CredentialId::from_bytes(&hex(vector, "/stored/id")).unwrap(),
        rp_id_hash: Sha256::digest(rp_id).into(),
        user_handle: hex(vector, "/stored/user_handle"),
        card: CardKeyHash::from_bytes(array(vector, "/stored/card_key_hash")),
        signature: hex(vector, "/sealed/0/card_signature"),
        sealed: hex(vector, "/sealed/0/sealed"),
        scalar: hex(vector, "/sealed/0/plaintext"),
    }
});

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::derive(&[7; 32]).unwrap());

fuzz_target!(|input: &[u8]| {
    authenticator(input);
    names(input);
    relying_party(input);
});

fn authenticator(input: &[u8]) {
    let known = &*KNOWN;
    let seal = Seal::new(
        &known.secrets,
        &known.signature,
        &known.id,
        &known.rp_id_hash,
        &known.user_handle,
        &known.card,
    )
    .unwrap();
    match seal.open(input) {
        Ok(opened) => assert!(input == known.sealed && *opened == known.scalar),
        Err(_) => assert!(input != known.sealed),
    }
    let Some((nonce, plaintext)) = input.split_first_chunk::<24>() else {
        return;
    };
    let sealed = seal.seal(nonce, plaintext).unwrap();
    assert_eq!(sealed.len(), 1 + 24 + plaintext.len() + 16);
    assert_eq!(seal.open(&sealed).unwrap().as_slice(), plaintext);
    assert!(seal.open(&altered(&sealed, input)).is_err());
}

fn names(input: &[u8]) {
    let Some((names, public_key)) = names_from_bytes(input) else {
        return;
    };
    if names != AccountName::default() {
        let written = names_to_bytes(&names, public_key.as_ref()).unwrap();
        assert_eq!(names_from_bytes(&written), Some((names, public_key)));
    }
}

fn relying_party(input: &[u8]) {
    const ROW: &[u8] = &[3; 16];
    assert!(KEYS.open(Sealed::Credential, ROW, input).is_err());
    let sealed = KEYS.seal(Sealed::Credential, ROW, input).unwrap();
    let open = |what, row: &[u8], sealed: &[u8]| KEYS.open(what, row, sealed);
    let opened = open(Sealed::Credential, ROW, &sealed).unwrap();
    assert_eq!(opened.as_slice(), input);
    assert!(open(Sealed::Ceremony, ROW, &sealed).is_err());
    assert!(open(Sealed::Credential, &[4; 16], &sealed).is_err());
    assert!(open(Sealed::Credential, ROW, &altered(&sealed, input)).is_err());
}

/// With one bit changed, which one the input says.
fn altered(sealed: &[u8], input: &[u8]) -> Vec<u8> {
    let place = input
        .iter()
        .fold(0usize, |sum, byte| sum * 31 % 65_521 + usize::from(*byte));
    let mut altered = sealed.to_vec();
    altered[place % sealed.len()] ^= 1 << (place % 8);
    altered
}
