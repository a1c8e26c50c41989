//! Signatures.

use super::*;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest as _, Sha256, Sha512};

#[test]
fn signatures_verify_under_the_certified_keys() {
    let own = personalisation();
    let authentication = RsaPublicKey::from(&own.authentication.key);
    let signature_key = RsaPublicKey::from(&own.signature.as_ref().unwrap().key);
    let hash = Sha256::digest(b"message");
    let mut card = card();
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(verify_sign(&mut card, "LAB001SIGN"), 0x9000);

    let sign = |card: &mut VirtualCard, p1: u8, p2: u8, data: &[u8]| {
        let apdu = [&[0x80, 0x2A, p1, p2, data.len() as u8], data, &[0]].concat();
        send(card, &apdu)
    };
    // 02: the card adds the DigestInfo; 03: it hashes as well; the same signature either way.
    let (wrapped, sw) = sign(&mut card, 0x02, 0x97, &hash);
    assert_eq!((wrapped.len(), sw), (256, 0x9000));
    authentication
        .verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &wrapped)
        .unwrap();
    assert_eq!(sign(&mut card, 0x03, 0x97, b"message").0, wrapped);

    // 00: whatever is given, such as a DigestInfo of SHA-512.
    let digest = Sha512::digest(b"message");
    let info = [
        b"\x30\x51\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40".as_slice(),
        &digest,
    ]
    .concat();
    let (verbatim, _) = sign(&mut card, 0x00, 0x97, &info);
    authentication
        .verify(Pkcs1v15Sign::new::<Sha512>(), &digest, &verbatim)
        .unwrap();
    // 01: a bare hash.
    let (bare, _) = sign(&mut card, 0x01, 0x97, b"message");
    authentication
        .verify(Pkcs1v15Sign::new_unprefixed(), &hash, &bare)
        .unwrap();

    let (document, _) = sign(&mut card, 0x02, 0x9A, &hash);
    signature_key
        .verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &document)
        .unwrap();
}

#[test]
fn signing_refuses_what_it_cannot_sign() {
    let mut card = card();
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);
    assert_eq!(verify_sign(&mut card, "LAB001SIGN"), 0x9000);
    assert_eq!(
        status(&mut card, &SIGN_HASH),
        0x6982,
        "the other PIN does not help"
    );
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    let sign = |p1: u8, length: usize| {
        [
            &[0x80, 0x2A, p1, 0x97, length as u8],
            vec![1; length].as_slice(),
            &[0],
        ]
        .concat()
    };
    assert_eq!(status(&mut card, &sign(0x00, 245)), 0x9000);
    assert_eq!(status(&mut card, &sign(0x00, 246)), 0x6985);
    assert_eq!(status(&mut card, &sign(0x02, 31)), 0x6985);
    assert_eq!(status(&mut card, &sign(0x02, 33)), 0x6985);
    assert_eq!(status(&mut card, &sign(0x04, 32)), 0x6A86);
    assert_eq!(status(&mut card, &SIGN_HASH[..37]), 0x6700, "no Le");
    assert_eq!(status(&mut card, b"\x00\x2A\x00\x97\x01A\x00"), 0x6D00);
}
