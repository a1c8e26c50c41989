//! Account names: what a person may call their account, and when two names are one.

use unicode_normalization::UnicodeNormalization as _;

/// Characters a name may have.
const LONGEST: usize = 64;

/// An account name.
///
/// Names are compared without regard to width, case, composition and ideographic variants (NFKC, lower case, no
/// variation selectors): `Ｔａｒｏ` is `taro`, `ﾀﾛｳ` is `タロウ`. So nobody registers a name that merely looks like somebody's.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountName {
    shown: String,
    key: String,
}

/// Why a text is no account name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing was written.
    #[error("the account name is empty")]
    Empty,
    /// More than 64 characters.
    #[error("the account name is longer than 64 characters")]
    TooLong,
    /// A control character, or one that cannot be seen.
    #[error("the account name has characters that cannot be seen")]
    Invisible,
}

impl AccountName {
    /// Reads a name; spaces around it do not count.
    ///
    /// # Errors
    /// It is empty, too long, or has invisible characters.
    pub fn parse(text: &str) -> Result<Self, NameProblem> {
        // Compatibility forms may expand by an order of magnitude: judge the length before and after.
        if text.chars().take(LONGEST * 4 + 1).count() > LONGEST * 4 {
            return Err(NameProblem::TooLong);
        }
        let shown: String = text.trim().nfc().collect();
        if shown.chars().any(is_invisible) {
            return Err(NameProblem::Invisible);
        }
        let key: String = shown
            .nfkc()
            .filter(|character| !matches!(character, '\u{e0100}'..='\u{e01ef}'))
            .flat_map(char::to_lowercase)
            .nfkc()
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if key.is_empty() {
            return Err(NameProblem::Empty);
        }
        if shown.chars().count() > LONGEST || key.chars().count() > LONGEST {
            return Err(NameProblem::TooLong);
        }
        Ok(Self { shown, key })
    }

    /// As the person wrote it.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// As it is compared.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Control, formatting (direction, zero width, joiners, tags), private and filler characters.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        AccountName::parse(text).unwrap().key().to_owned()
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (left, right) in [
            ("taro", " Taro "),
            ("taro", "Ｔａｒｏ"),
            ("タロウ", "ﾀﾛｳ"),
            ("がく", "か\u{3099}く"),
            ("山田 太郎", "山田　太郎"),
            ("STRASSE", "strasse"),
        ] {
            assert_eq!(key(left), key(right));
        }
        assert_ne!(key("山田"), key("山本"));
    }

    #[test]
    fn the_name_is_shown_as_it_was_written() {
        assert_eq!(
            AccountName::parse(" Ｔａｒｏ ").unwrap().shown(),
            "Ｔａｒｏ"
        );
    }

    #[test]
    fn ideographic_variants_may_be_written_and_are_one_name() {
        // Many family names need a variation selector to be written as their bearers write them.
        let name = AccountName::parse("葛\u{e0100}城").unwrap();
        assert_eq!(name.shown(), "葛\u{e0100}城");
        assert_eq!(name.key(), key("葛城"));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in ["", "  ", "\u{3000}"] {
            assert_eq!(AccountName::parse(text).err(), Some(NameProblem::Empty));
        }
        for text in ["a\u{0}b", "a\u{200b}b", "\u{202e}abc", "a\u{3164}", "a\nb"] {
            assert_eq!(AccountName::parse(text).err(), Some(NameProblem::Invisible));
        }
        for text in ["あ".repeat(65), "\u{fdfa}".repeat(20), "x".repeat(1 << 20)] {
            assert_eq!(AccountName::parse(&text).err(), Some(NameProblem::TooLong));
        }
    }
}
