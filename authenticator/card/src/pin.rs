//! The PIN, how often it may still be tried, and the permission to spend the last try.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The PIN of the card's authentication key: exactly four ASCII digits.
///
/// There is no way to hold anything else in this type, so a PIN that cannot be right never costs a
/// try. The digits live in one place on the heap, are not cloned, and are zeroised on drop.
pub struct Pin(Box<[u8; Pin::LENGTH]>);

impl Pin {
    /// Number of digits.
    pub const LENGTH: usize = 4;

    /// Takes a PIN as the person typed it.
    ///
    /// Full-width digits, spaces and anything else are refused, not repaired: what was typed and
    /// what is sent must be the same.
    ///
    /// # Errors
    ///
    /// [`ImpossiblePin`] unless `typed` is exactly four ASCII digits.
    pub fn parse(typed: &str) -> Result<Pin, ImpossiblePin> {
        let mut digits = Box::new([0; Pin::LENGTH]);
        if typed.len() != digits.len() || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ImpossiblePin);
        }
        for (digit, byte) in digits.iter_mut().zip(typed.bytes()) {
            *digit = byte;
        }
        Ok(Pin(digits))
    }

    /// The four ASCII digits, for what must compute with them. Never log or store them.
    pub fn digits(&self) -> &[u8; Pin::LENGTH] {
        &self.0
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Pin {}

/// Says that there is a PIN, and nothing about it.
impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(****)")
    }
}

/// What was typed cannot be the PIN of any card; the card was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the PIN of this card is exactly four digits")]
pub struct ImpossiblePin;

/// How often the PIN may still be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// This many tries are left: 1 to 15, three on an untouched JPKI card.
    Left(u8),
    /// None: the PIN is locked until a municipal office (or the kiosk procedure) resets it.
    Locked,
}

impl Tries {
    /// Reads the low digit of a card's counter; zero is [`Tries::Locked`].
    pub fn from_counter(counter: u8) -> Tries {
        match counter {
            0 => Tries::Locked,
            left => Tries::Left(left),
        }
    }

    /// Whether a wrong PIN now would lock it, so that [`LastTry`] is needed.
    pub fn is_last(self) -> bool {
        self == Tries::Left(1)
    }
}

/// Permission to spend the last try, after which a wrong PIN means a walk to the municipal office.
///
/// It cannot be copied and is used up by the attempt it was given for.
#[derive(Debug)]
pub struct LastTry(());

impl LastTry {
    /// The person was told that this is the last try and answered "yes, risk it".
    ///
    /// Only our own prompt may call this, only after that explicit answer, and once per answer.
    /// Never call it for a PIN that arrived without such a prompt (clientPIN, for one).
    pub fn confirmed_by_person() -> LastTry {
        LastTry(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_are_a_pin() {
        for typed in ["0000", "1234", "9999"] {
            assert_eq!(Pin::parse(typed).unwrap().digits(), typed.as_bytes());
        }
    }

    #[test]
    fn anything_else_is_impossible() {
        for typed in [
            "",
            "123",
            "12345",
            "12 4",
            " 1234",
            "1234\n",
            "123a",
            "-123",
            "+123",
            "１２３４",
            "1２3",
            "\0\0\0\0",
        ] {
            assert_eq!(Pin::parse(typed).unwrap_err(), ImpossiblePin, "{typed:?}");
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        let shown = format!(
            "{:?} {:#?}",
            Pin::parse("5678").unwrap(),
            Pin::parse("5678").unwrap()
        );
        assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{shown}");
    }

    #[test]
    fn a_counter_of_zero_is_locked_and_of_one_is_the_last_try() {
        assert_eq!(Tries::from_counter(0), Tries::Locked);
        assert_eq!(Tries::from_counter(3), Tries::Left(3));
        assert!(Tries::Left(1).is_last());
        assert!(!Tries::Left(2).is_last());
        assert!(!Tries::Locked.is_last());
    }
}
