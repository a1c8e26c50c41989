//! Link codes: what a person carries from a computer that knows their account to one that does not.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    service::Service,
    store::{CodeLookup, Person, StoreError},
};

/// Digits and capitals that nobody takes for each other (Crockford's base 32): five bits each.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 50 bits. A code is good for minutes, so guessing finds none.
const LENGTH: usize = 10;
/// How long a code from the account page is good, in seconds.
pub const LINK_CODE_SECONDS: u32 = 600;

/// A link code. Its `Debug` does not show it; [`LinkCode::shown`] does.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkCode(Zeroizing<[u8; LENGTH]>);

/// A text is no link code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no link code: it has ten letters and digits")]
pub struct NotALinkCode;

/// Why there is no new link code.
#[derive(Debug, thiserror::Error)]
pub enum LinkCodeProblem {
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl fmt::Debug for LinkCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkCode")
    }
}

impl LinkCode {
    fn random() -> Result<Self, LinkCodeProblem> {
        let mut code = Zeroizing::new([0; LENGTH]);
        getrandom::fill(code.as_mut_slice()).map_err(|_| LinkCodeProblem::Random)?;
        for byte in code.iter_mut() {
            // 256 is a multiple of 32: every letter is as likely as any other.
            *byte = ALPHABET
                .get(usize::from(*byte % 32))
                .copied()
                .unwrap_or(b'0');
        }
        Ok(Self(code))
    }

    /// Reads a code as people type it: any case and width, with spaces and dashes, O for 0, I or L for 1.
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(text: &str) -> Result<Self, NotALinkCode> {
        let mut code = Zeroizing::new([0; LENGTH]);
        let mut places = code.iter_mut();
        for letter in text.chars().take(LENGTH * 4).nfkc() {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' => continue,
                space if space.is_whitespace() => continue,
                other => other,
            };
            let byte = u8::try_from(letter).map_err(|_| NotALinkCode)?;
            if !ALPHABET.contains(&byte) {
                return Err(NotALinkCode);
            }
            *places.next().ok_or(NotALinkCode)? = byte;
        }
        if places.next().is_some() {
            return Err(NotALinkCode);
        }
        Ok(Self(code))
    }

    /// As people read it: two groups of five.
    #[must_use]
    pub fn shown(&self) -> String {
        let (left, right) = self.0.split_at(LENGTH / 2);
        format!(
            "{}-{}",
            String::from_utf8_lossy(left),
            String::from_utf8_lossy(right)
        )
    }

    fn lookup(&self, service: &Service) -> CodeLookup {
        service.keys.link_code(self.0.as_slice())
    }
}

impl Service {
    /// Makes a link code for a person, in place of the one before. Only its keyed hash is kept.
    ///
    /// # Errors
    /// The database failed, or the system has no random numbers.
    pub async fn make_link_code(
        &self,
        person: Uuid,
        seconds: u32,
    ) -> Result<LinkCode, LinkCodeProblem> {
        let code = LinkCode::random()?;
        let expires_at = self.clock.now() + i64::from(seconds);
        self.store
            .keep_link_code(person, &code.lookup(self), expires_at)
            .await?;
        Ok(code)
    }

    /// Whose code this is, while it is good, and under what the enrolment uses it up.
    pub(crate) async fn person_of_link_code(
        &self,
        code: &LinkCode,
    ) -> Result<Option<(Person, CodeLookup)>, StoreError> {
        let lookup = code.lookup(self);
        let person = self
            .store
            .person_by_link_code(&lookup, self.clock.now())
            .await?;
        Ok(person.map(|person| (person, lookup)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_shown_and_as_people_type_it() {
        for _ in 0..100 {
            let code = LinkCode::random().unwrap();
            assert_eq!(LinkCode::parse(&code.shown()), Ok(code));
        }
        let code = LinkCode::parse("01ABC-DEF10").unwrap();
        for typed in [
            "01abcdef10",
            " oiABC defLO ",
            "０１ＡＢＣ－ＤＥＦ１０",
            "01ABC\u{30fc}DEF10",
            "0-1-A-B-C-D-E-F-1-0",
        ] {
            assert_eq!(LinkCode::parse(typed).as_ref(), Ok(&code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in [
            "",
            "01ABC-DEF1",
            "01ABC-DEF100",
            "01ABC-DEFU0",
            "01ABC-DEFあ0",
            &"0".repeat(1 << 20),
            &"\u{fdfa}".repeat(40),
        ] {
            assert_eq!(LinkCode::parse(text), Err(NotALinkCode));
        }
    }

    #[test]
    fn debug_output_does_not_show_it() {
        let code = LinkCode::parse("01ABC-DEF10").unwrap();
        assert_eq!(format!("{code:?}"), "LinkCode");
    }
}
