//! A certificate to test with, put together byte by byte.

use rsa::RsaPublicKey;
use rsa::pkcs1::EncodeRsaPublicKey;

/// One DER element.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..=0x7F => out.push(u8::try_from(length).unwrap()),
        length => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    // Lengths of 128 to 255 want one length byte.
    if (0x80..=0xFF).contains(&content.len()) {
        out.truncate(1);
        out.extend([0x81, u8::try_from(content.len()).unwrap()]);
    }
    out.extend(content);
    out
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// rsaEncryption and sha256WithRSAEncryption, with their NULL.
const RSA: [u8; 15] = [
    0x30, 0x0D, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0,
];
const RSA_SHA256: [u8; 15] = [
    0x30, 0x0D, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11, 5, 0,
];

/// An RSA public key of `bits` bits that nobody has the private key of.
pub(crate) fn rsa_key(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xA7; bits / 8];
    *modulus.last_mut().unwrap() |= 1;
    let key = RsaPublicKey::new(rsa::BigUint::from_bytes_be(&modulus), 65537u32.into()).unwrap();
    let bits = [&[0x00], key.to_pkcs1_der().unwrap().as_bytes()].concat();
    sequence(&[&RSA, &element(0x03, &bits)])
}

/// A certificate around `subject_public_key_info`, valid from 2024-01-01 to 2029-04-01T14:59:59Z.
pub(crate) fn certificate_of(subject_public_key_info: &[u8], padding: usize) -> Vec<u8> {
    let name = |text: &[u8]| {
        sequence(&[&element(
            0x31,
            &sequence(&[&[6, 3, 0x55, 4, 3], &element(0x0C, text)]),
        )])
    };
    let extension = sequence(&[
        &[6, 3, 0x55, 0x1D, 0x0E],
        &element(0x04, &element(0x04, &vec![0x5A; padding])),
    ]);
    let tbs = sequence(&[
        &element(0xA0, &[2, 1, 2]),
        &[2, 3, 0x12, 0x34, 0x56],
        &RSA_SHA256,
        &name(b"Practice CA"),
        &sequence(&[
            &element(0x17, b"240101000000Z"),
            &element(0x17, b"290401145959Z"),
        ]),
        &name(b"SUBJECT-0001"),
        subject_public_key_info,
        &element(0xA3, &sequence(&[&extension])),
    ]);
    sequence(&[&tbs, &RSA_SHA256, &element(0x03, &[0x00; 257])])
}

/// A certificate of about 1000 bytes plus `padding`, with an RSA-2048 key.
pub(crate) fn certificate(padding: usize) -> Vec<u8> {
    certificate_of(&rsa_key(2048), padding)
}
