//! Files in the age format (<https://age-encryption.org/v1>) for one passphrase, made step by step: what a fuzz target alters can be
//! given the right authentication codes again, so that it comes to what is behind their check.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::stored;

/// What opens them all.
pub const PASSPHRASE: &str = "Pferd battery 7 korrekt";
/// log₂ N of scrypt: as little as there can be.
pub const WORK: u8 = 1;

const FILE_KEY: [u8; 16] = [5; 16];
const SALT: [u8; 16] = [6; 16];
const PAYLOAD_NONCE: [u8; 16] = [7; 16];

/// The header up to where its authentication code follows: the file key under the passphrase.
pub fn header() -> Vec<u8> {
    let salt = [b"age-encryption.org/v1/scrypt".as_slice(), &SALT].concat();
    let parameters = scrypt::Params::new(WORK, 8, 1, 32).unwrap();
    let mut key = [0; 32];
    scrypt::scrypt(PASSPHRASE.as_bytes(), &salt, &parameters, &mut key).unwrap();
    let wrapped = encrypt(&key, &[0; 12], &FILE_KEY);
    let [salt, wrapped] = [SALT.as_slice(), &wrapped].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    format!("age-encryption.org/v1\n-> scrypt {salt} {WORK}\n{wrapped}\n---").into_bytes()
}

/// A header with its authentication code.
pub fn authenticated(header: &[u8]) -> Vec<u8> {
    let mut code = <Hmac<Sha256> as Mac>::new_from_slice(&derived(&[], b"header")).unwrap();
    code.update(header);
    let code = STANDARD_NO_PAD.encode(code.finalize().into_bytes());
    [header, b" ", code.as_bytes(), b"\n"].concat()
}

/// Encrypted chunks after their nonce; each says whether it is the last.
pub fn payload(chunks: &[(&[u8], bool)]) -> Vec<u8> {
    let key = derived(&PAYLOAD_NONCE, b"payload");
    let mut bytes = PAYLOAD_NONCE.to_vec();
    for (number, (chunk, last)) in chunks.iter().enumerate() {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
        nonce[11] = (*last).into();
        bytes.extend(encrypt(&key, &nonce, chunk));
    }
    bytes
}

/// A whole file.
pub fn file(plaintext: &[u8]) -> Vec<u8> {
    [authenticated(&header()), payload(&[(plaintext, true)])].concat()
}

/// What backups hold: none, one, two, and all of the vectors' credentials.
pub fn plaintexts() -> Vec<Vec<u8>> {
    let whole = |cbor_and_keys: (Vec<u8>, Vec<u8>)| {
        let (cbor, keys) = cbor_and_keys;
        let length = u32::try_from(cbor.len()).unwrap().to_be_bytes();
        let before = b"jpki-authenticator backup 1\n".as_slice();
        [before, &length, &cbor, &keys].concat()
    };
    stored::backups().into_iter().map(whole).collect()
}

fn derived(salt: &[u8], info: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(salt), &FILE_KEY)
        .expand(info, &mut key)
        .unwrap();
    key
}

fn encrypt(key: &[u8; 32], nonce: &[u8; 12], plaintext: &[u8]) -> Vec<u8> {
    let cipher = ChaCha20Poly1305::new(key.into());
    cipher.encrypt(Nonce::from_slice(nonce), plaintext).unwrap()
}

/// Files as they come from disk; and for the target's own chunks, how they are cut and what is in them.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for plaintext in plaintexts() {
        seeds.push(file(&plaintext));
        for cut in 0..3 {
            seeds.push([&[cut, 100], plaintext.as_slice()].concat());
        }
    }
    let much_work = String::from_utf8(header())
        .unwrap()
        .replace(" 1\n", " 30\n");
    seeds.push([authenticated(much_work.as_bytes()), payload(&[(b"", true)])].concat());
    seeds
}
