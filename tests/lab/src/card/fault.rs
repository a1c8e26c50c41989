//! Things that go wrong with cards, on request.

use std::str::FromStr;
use thiserror::Error;

/// When a card vanishes, seen from a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the command reaches it.
    Before,
    /// After it did what the command asks, before it answers: a try may be spent, a PIN verified,
    /// and nobody knows.
    During,
    /// After it answered.
    After,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The card is gone from the reader until it is inserted again.
    Vanish(Moment),
    /// The card answers this status word and does nothing.
    Answer(u16),
    /// The card does what it should, and one bit of the data it answers is wrong.
    Corrupt,
    /// The card does what it should and answers only when it is told to ([`super::VirtualCard::go_on`]): time for
    /// something else to go wrong.
    Stall,
}

/// What goes wrong, and when.
///
/// As text: `before N`, `during N`, `after N` (the card vanishes), `answer SW N`, `corrupt N`, `stall N`; N
/// counts commands from now on, so that 1 is the next; SW is in hexadecimal. Colons do as well as
/// spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// With which command, counted from now on: 1 is the next.
    pub at: u32,
}

/// A text is not a [`Fault`].
#[derive(Debug, Error)]
#[error(
    "not a fault; write `before N`, `during N`, `after N`, `answer SW N`, `corrupt N` or `stall N`"
)]
pub struct NotAFault;

impl FromStr for Fault {
    type Err = NotAFault;

    fn from_str(text: &str) -> Result<Self, NotAFault> {
        let words: Vec<&str> = text
            .split([' ', ':'])
            .filter(|word| !word.is_empty())
            .collect();
        let (kind, at) = match words.as_slice() {
            ["before", at] => (FaultKind::Vanish(Moment::Before), at),
            ["during", at] => (FaultKind::Vanish(Moment::During), at),
            ["after", at] => (FaultKind::Vanish(Moment::After), at),
            ["corrupt", at] => (FaultKind::Corrupt, at),
            ["stall", at] => (FaultKind::Stall, at),
            ["answer", status, at] if status.len() == 4 => {
                let digits = status.chars().all(|c| c.is_ascii_hexdigit());
                let status = u16::from_str_radix(status, 16).map_err(|_| NotAFault)?;
                if !digits {
                    return Err(NotAFault);
                }
                (FaultKind::Answer(status), at)
            }
            _ => return Err(NotAFault),
        };
        let at = at.parse().ok().filter(|at| *at > 0).ok_or(NotAFault)?;
        Ok(Fault { kind, at })
    }
}

/// The faults still to come.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts one command; tells what goes wrong with it.
    pub(super) fn next(&mut self) -> Option<FaultKind> {
        let mut due = None;
        self.0.retain_mut(|fault| {
            fault.at = fault.at.saturating_sub(1);
            if fault.at == 0 {
                due = due.or(Some(fault.kind));
            }
            fault.at > 0
        });
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_from_text() {
        let fault = |kind, at| Fault { kind, at };
        for (text, expected) in [
            ("before 3", fault(FaultKind::Vanish(Moment::Before), 3)),
            ("during:1", fault(FaultKind::Vanish(Moment::During), 1)),
            ("after 12", fault(FaultKind::Vanish(Moment::After), 12)),
            ("answer 6f00 2", fault(FaultKind::Answer(0x6F00), 2)),
            ("corrupt:4", fault(FaultKind::Corrupt, 4)),
            ("stall 1", fault(FaultKind::Stall, 1)),
        ] {
            assert_eq!(text.parse::<Fault>().unwrap(), expected);
        }
        for text in [
            "",
            "before",
            "before 0",
            "before x",
            "answer 90001 1",
            "answer +900 1",
            "gone 1",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_fault_happens_once_at_its_command() {
        let mut faults = Faults::default();
        faults.add("answer 6F00 2".parse().unwrap());
        faults.add("corrupt 3".parse().unwrap());
        let happened: Vec<_> = (0..5).map(|_| faults.next()).collect();
        assert_eq!(
            happened,
            [
                None,
                Some(FaultKind::Answer(0x6F00)),
                Some(FaultKind::Corrupt),
                None,
                None
            ]
        );
    }
}
