//! HMAC-SHA-256, by which the device secret authenticates IDs and makes keys, and PIN/UV auth protocols authenticate requests; results are zeroised.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 (RFC 2104) over the concatenation of `parts`.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    // A key shorter than the block is padded with zeros; done here, it cannot have a wrong length.
    let mut block = Zeroizing::new([0; 64]);
    for (byte, part) in block.iter_mut().zip(key) {
        *byte = *part;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}
