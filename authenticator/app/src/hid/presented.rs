//! Which card was put in while somebody looked: a touch, once.

use std::collections::HashMap;
use std::time::Duration;

use eid_card::{Holds, Insertion, Look};

/// What was seen in a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen<Card> {
    /// No card.
    Nothing,
    /// This one.
    Card(Card),
    /// Something that nobody can tell more about: it may be a card that another program holds, or that does not answer.
    Unclear,
}

/// Which cards the person put into a reader while somebody looked.
///
/// Only a reader that was seen empty, or with another card, has got one. A card lay there before if it only came to be seen: because
/// another program let go of it, its reader was plugged in, or the PC/SC service came back. Else a program could do the person's touch.
pub(super) struct Presented<Card> {
    /// The readers at the last look, by name; unknown before the first, and after the PC/SC service failed.
    before: Option<HashMap<String, Seen<Card>>>,
    /// The one that came last, until it is powered up.
    last: Option<(Card, Duration)>,
}

impl<Card: Clone + Eq> Presented<Card> {
    /// Nobody has looked yet.
    pub(super) fn new() -> Self {
        Self {
            before: None,
            last: None,
        }
    }

    /// What is there now; nothing if the PC/SC service does not tell.
    pub(super) fn note(&mut self, readers: Option<HashMap<String, Seen<Card>>>, now: Duration) {
        for (name, seen) in readers.iter().flatten() {
            let before = self.before.as_ref().and_then(|before| before.get(name));
            match (before, seen) {
                (Some(Seen::Nothing), Seen::Card(card)) => self.last = Some((card.clone(), now)),
                (Some(Seen::Card(other)), Seen::Card(card)) if other != card => {
                    self.last = Some((card.clone(), now));
                }
                _ => {}
            }
        }
        self.before = readers;
    }

    /// When this card was presented; told once, however often its device is made.
    pub(super) fn take(&mut self, wanted: &Card) -> Option<Duration> {
        let last = self.last.take_if(|(card, _)| card == wanted);
        last.map(|(_, at)| at)
    }
}

/// What a look tells of each reader.
pub(super) fn readers_of(look: &Look) -> HashMap<String, Seen<Insertion>> {
    let readers = look.readers().iter().map(|reader| {
        let seen = match &reader.holds {
            Holds::Nothing => Seen::Nothing,
            Holds::Jpki(card) => Seen::Card(card.insertion().clone()),
            Holds::OtherCard | Holds::Busy | Holds::Mute | Holds::Unavailable => Seen::Unclear,
        };
        (reader.name.clone(), seen)
    });
    readers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_card_that_was_seen_to_come_was_presented() {
        let second = Duration::from_secs(1);
        let mut presented = Presented::new();
        let cards = |cards: &[u8]| {
            let seen = cards.iter().map(|&card| match card {
                0 => Seen::Nothing,
                255 => Seen::Unclear,
                card => Seen::Card(card),
            });
            let readers = seen.enumerate().map(|(at, seen)| (at.to_string(), seen));
            Some(readers.collect())
        };
        presented.note(cards(&[1]), second);
        assert_eq!(presented.take(&1), None, "it lay there before");
        presented.note(cards(&[0]), second * 2);
        presented.note(cards(&[2]), second * 3);
        assert_eq!(presented.take(&1), None);
        assert_eq!(presented.take(&2), Some(second * 3));
        assert_eq!(presented.take(&2), None, "once");
        // The service fails and comes back: what is in the readers then nobody has put there.
        presented.note(None, second * 4);
        presented.note(cards(&[3]), second * 5);
        assert_eq!(presented.take(&3), None);
        presented.note(cards(&[4]), second * 6);
        presented.note(cards(&[4]), second * 7);
        assert_eq!(presented.take(&4), Some(second * 6), "in the other's place");
        // Another program held it from before the first look on, and lets go.
        presented.note(cards(&[255]), second * 8);
        presented.note(cards(&[5]), second * 9);
        assert_eq!(presented.take(&5), None, "nobody put it there");
        // A reader comes, with a card in it.
        presented.note(cards(&[5, 6]), second * 10);
        assert_eq!(presented.take(&6), None, "nobody saw its reader empty");
    }
}
