//! From LEFT(SHA-256(PIN), 16), which is all that a platform sends, back to the PIN that the card wants.

use eid_card::Pin;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

/// The four digits with this hash, if there are any: a hash of something else cannot be the card's PIN.
///
/// All 10 000 are hashed whichever it is, so that the time tells nothing of it.
pub(super) fn pin_of(hash: &[u8]) -> Option<Pin> {
    let hash: &[u8; 16] = hash.try_into().ok()?;
    let mut found = Zeroizing::new(0u16);
    let mut is_found = Choice::from(0);
    for number in 0..10_000u16 {
        let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(*digits(number))));
        let same = digest.get(..16).unwrap_or_default().ct_eq(hash);
        found.conditional_assign(&number, same);
        is_found |= same;
    }
    if !bool::from(is_found) {
        return None;
    }
    let digits = digits(*found);
    Pin::parse(str::from_utf8(&*digits).ok()?).ok()
}

fn digits(number: u16) -> Zeroizing<[u8; 4]> {
    let digit = |place: u16| b'0' + (number / place % 10) as u8;
    Zeroizing::new([digit(1000), digit(100), digit(10), digit(1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pin_is_found_by_its_hash_and_nothing_else_is() {
        for pin in ["0000", "0001", "1234", "4321", "9999"] {
            let hash = Sha256::digest(pin);
            let found = pin_of(&hash[..16]).unwrap();
            assert_eq!(found.digits(), pin.as_bytes());
            assert!(pin_of(&hash).is_none(), "a whole hash");
        }
        for not_a_pin in ["", "123", "12345", "abcd", "１２３４"] {
            assert!(pin_of(&Sha256::digest(not_a_pin)[..16]).is_none());
        }
    }
}
