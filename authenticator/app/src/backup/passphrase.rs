//! The passphrase of a backup file: chosen, or made here.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::desk::Desk;
use crate::messages::keeping::Line;
use crate::messages::terminal::Problem;
use crate::terminal::GivenUp;

/// The fewest characters of a passphrase that a person chooses.
pub(crate) const SHORTEST: usize = 16;
/// The fewest different ones among them.
const VARIETY: usize = 8;
/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Asks for a new passphrase, twice; makes one if the person chooses none.
///
/// # Errors
/// [`GivenUp`].
pub(crate) fn choose(desk: &mut Desk) -> Result<Zeroizing<String>, GivenUp> {
    desk.say(&Line::ChoosePassphrase);
    loop {
        let mut chosen = ask(desk, &Line::NewPassphrase)?;
        if chosen.is_empty() {
            chosen = make()?;
            desk.say(&Line::MadePassphrase(&chosen));
        } else if !is_strong(&chosen) {
            desk.tell(&Problem::WeakPassphrase(SHORTEST));
            continue;
        }
        if *ask(desk, &Line::PassphraseAgain)? == *chosen {
            return Ok(chosen);
        }
        desk.tell(&Problem::PassphrasesDiffer);
    }
}

/// Asks for the passphrase of a file.
///
/// # Errors
/// [`GivenUp`].
pub(crate) fn ask_for_file(desk: &mut Desk) -> Result<Zeroizing<String>, GivenUp> {
    ask(desk, &Line::Passphrase)
}

fn ask(desk: &mut Desk, question: &Line<'_>) -> Result<Zeroizing<String>, GivenUp> {
    let question = desk.language.line(question);
    desk.terminal.ask_hidden(&format!("{question} "))
}

/// Whether a passphrase has the least that is asked of one. That does not make it a good one.
fn is_strong(passphrase: &str) -> bool {
    let different: BTreeSet<char> = passphrase.chars().collect();
    passphrase.chars().count() >= SHORTEST && different.len() >= VARIETY
}

/// Five groups of five random characters, a hyphen between them: about 124 bits.
fn make() -> Result<Zeroizing<String>, GivenUp> {
    const GROUPS: usize = 5;
    const GROUP: usize = 5;
    const LENGTH: usize = GROUPS * (GROUP + 1) - 1;
    let mut passphrase = Zeroizing::new(String::with_capacity(LENGTH));
    while passphrase.len() < LENGTH {
        if passphrase.len() % (GROUP + 1) == GROUP {
            passphrase.push('-');
        }
        let mut drawn = Zeroizing::new([0]);
        getrandom::fill(&mut *drawn).map_err(|_| GivenUp)?;
        let [byte] = *drawn;
        // Of 32 values one means nothing, so that all characters are equally likely.
        if let Some(character) = ALPHABET.get(usize::from(byte % 32)) {
            passphrase.push(char::from(*character));
        }
    }
    Ok(passphrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_has_16_characters_and_some_variety() {
        assert!(is_strong("correct horse battery"));
        assert!(is_strong("ひらがなでもじゅうろくもじあればよい"));
        for weak in [
            "",
            "correct horse",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "1231231231231231",
        ] {
            assert!(!is_strong(weak), "{weak}");
        }
    }

    #[test]
    fn made_passphrases_are_five_groups_of_five_and_all_different() {
        let mut seen = BTreeSet::new();
        for _ in 0..200 {
            let made = make().unwrap();
            assert!(is_strong(&made));
            let groups: Vec<&str> = made.split('-').collect();
            assert_eq!(groups.len(), 5);
            assert!(groups.iter().all(|group| group.len() == 5), "{}", *made);
            assert!(seen.insert(made.to_string()));
        }
    }
}
