//! What goes wrong, and what may come of it.

use std::fmt;

/// Something that goes wrong at a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The card leaves before the command reaches it.
    VanishesBefore,
    /// The card leaves after it did what it was asked, before it answers.
    VanishesDuring,
    /// The card leaves after it answered.
    VanishesAfter,
    /// The card answers this and does nothing.
    Answers(u16),
    /// One bit of the answer's data is wrong.
    Corrupts,
    /// The reader is unplugged while the card works.
    ReaderGoes,
    /// pcscd is killed while the card works.
    PcscdDies,
    /// The program is killed while the card works.
    ProgramDies,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers(status) => write!(f, "answers {status:04X}"),
            other => write!(f, "{other:?}"),
        }
    }
}

impl Fault {
    /// As the practice card is told, for the command with this number.
    pub(crate) fn to_the_card(self, number: usize) -> String {
        match self {
            Self::VanishesBefore => format!("before {number}"),
            Self::VanishesDuring => format!("during {number}"),
            Self::VanishesAfter => format!("after {number}"),
            Self::Answers(status) => format!("answer {status:04X} {number}"),
            Self::Corrupts => format!("corrupt {number}"),
            Self::ReaderGoes | Self::PcscdDies | Self::ProgramDies => format!("stall {number}"),
        }
    }
}

/// What a command is for, as far as it matters to what may come of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// The first command after power-up, which every card answers 6F00.
    FirstSelect,
    /// Asks whether there is a My Number Card.
    Probe,
    /// Begins reading the certificate.
    Open,
    /// The first part of the certificate, which tells its length.
    FirstPart,
    /// Another part of it.
    Part,
    /// The first command after power-up once more: a wrong PIN ends with the card unpowered.
    FirstSelectAgain,
    /// The same, sent a second time.
    SecondSelectAgain,
    /// Begins something else, when the card has been shown.
    Select,
    ReadTries,
    Verify,
    Sign,
}

impl Command {
    /// Whether the person has seen the card: it is asked for until then, and its going is told from then on.
    fn is_shown(self) -> bool {
        !matches!(
            self,
            Self::FirstSelect | Self::Probe | Self::Open | Self::FirstPart | Self::Part
        )
    }
}

/// Everything that goes wrong. The status words are those of the card, of the practice card, and one of each other class that
/// ISO/IEC 7816-4 has.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::VanishesBefore,
    Fault::VanishesDuring,
    Fault::VanishesAfter,
    Fault::Corrupts,
    Fault::ReaderGoes,
    Fault::PcscdDies,
    Fault::ProgramDies,
    // Success, without having done anything.
    Fault::Answers(0x9000),
    // More data is there; the length was wrong.
    Fault::Answers(0x6110),
    Fault::Answers(0x6C10),
    // Warnings.
    Fault::Answers(0x6281),
    Fault::Answers(0x6300),
    // The PIN's counter.
    Fault::Answers(0x63C2),
    Fault::Answers(0x63C1),
    Fault::Answers(0x63C0),
    // Execution errors.
    Fault::Answers(0x6400),
    Fault::Answers(0x6581),
    Fault::Answers(0x6600),
    // Checking errors.
    Fault::Answers(0x6700),
    Fault::Answers(0x6881),
    Fault::Answers(0x6981),
    Fault::Answers(0x6982),
    Fault::Answers(0x6983),
    Fault::Answers(0x6984),
    Fault::Answers(0x6985),
    Fault::Answers(0x6986),
    Fault::Answers(0x69FC),
    Fault::Answers(0x6A80),
    Fault::Answers(0x6A82),
    Fault::Answers(0x6A86),
    Fault::Answers(0x6A88),
    Fault::Answers(0x6B00),
    Fault::Answers(0x6D00),
    Fault::Answers(0x6E00),
    Fault::Answers(0x6F00),
];

/// What may come of a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// What the person is told on the way, in prompts that ask for a card.
    pub(crate) told: Option<&'static str>,
    /// What may be told as well, for a moment.
    pub(crate) passing: &'static [&'static str],
    /// The end: a result, or one of these codes.
    pub(crate) ends: &'static [&'static str],
}

/// The ceremony ends in one of these ways.
const fn ends(ends: &'static [&'static str]) -> Expected {
    Expected {
        told: None,
        passing: &[],
        ends,
    }
}

/// The person is told this, does what the prompt says, and the ceremony goes on.
const fn mended(told: &'static str, passing: &'static [&'static str]) -> Expected {
    Expected {
        told: Some(told),
        passing,
        ends: &["result"],
    }
}

const RESULT: Expected = ends(&["result"]);
const PRESENTED_AGAIN: Expected = mended("no-card", &[]);
const UNSUPPORTED: Expected = ends(&["card-unsupported"]);
const FAILED: Expected = ends(&["card-failed"]);
const LOCKED: Expected = ends(&["pin-locked"]);
const REMOVED: Expected = ends(&["card-removed"]);

/// What may come of a fault at a command, the ceremony's last or not.
pub(crate) fn may_come_of(command: Command, fault: Fault, last: bool) -> Expected {
    match fault {
        // Everything was said already, unless its going is noticed before the result is stored: then nothing is.
        Fault::VanishesAfter if last => ends(&["result", "card-removed"]),
        // With the last part the certificate is known and the card is shown; or its going is noticed just before.
        Fault::VanishesAfter if command == Command::Part => Expected {
            passing: &["no-card"],
            ..ends(&["result", "card-removed"])
        },
        Fault::VanishesBefore | Fault::VanishesDuring | Fault::VanishesAfter => {
            if command.is_shown() {
                REMOVED
            } else {
                PRESENTED_AGAIN
            }
        }
        Fault::ReaderGoes if command.is_shown() => ends(&["no-reader"]),
        // Its two slots fail and come back one after the other: in between there is a reader without a card.
        Fault::ReaderGoes => Expected {
            told: None,
            passing: &["no-card", "no-reader"],
            ends: &["result"],
        },
        Fault::PcscdDies if command.is_shown() => ends(&["pcsc-not-running"]),
        // A card that was being looked at is gone a moment before the service is seen to be.
        Fault::PcscdDies => mended("pcsc-not-running", &["no-card", "no-reader"]),
        Fault::ProgramDies => ends(&["killed"]),
        Fault::Corrupts => match command {
            // The length is no length any more: no certificate.
            Command::FirstPart => UNSUPPORTED,
            // It is no certificate any more; it has another key, and so is another card, or signs wrongly; or the bit is one that
            // the program does not look at. A relying party does: every byte is under the CA's signature.
            Command::Part => ends(&["card-unsupported", "no-credential", "card-failed", "result"]),
            // A signature that does not verify is used for nothing.
            Command::Sign => FAILED,
            // There is no data in the answer.
            _ => RESULT,
        },
        Fault::Answers(status) => may_come_of_status(command, status),
    }
}

fn may_come_of_status(command: Command, status: u16) -> Expected {
    match (command, status) {
        // A wrong length is corrected and the command sent again: it may be, for it is harmless.
        (
            Command::FirstSelect
            | Command::Probe
            | Command::Open
            | Command::FirstPart
            | Command::Part
            | Command::FirstSelectAgain
            | Command::SecondSelectAgain
            | Command::Select,
            0x6C10,
        ) => RESULT,
        // Whoever fetches the rest of an answer that has none gets 6F00 from a card just powered up, which is expected.
        (Command::FirstSelect | Command::FirstSelectAgain, 0x6110) => RESULT,
        // The application is selected by an earlier or later SELECT.
        (Command::FirstSelect | Command::Probe | Command::Open | Command::Select, 0x9000) => RESULT,
        // Sent a second time, as after power-up.
        (Command::Open | Command::Select, 0x6F00) => RESULT,
        // Twice "no precise diagnosis" while it is being presented: it does not answer. Lifted and put back, it is asked anew.
        (Command::FirstSelect | Command::Probe, 0x6F00) => mended("card-mute", &[]),
        // Whatever else it says: not a My Number Card. Lifted and put back, it is asked anew.
        (Command::FirstSelect | Command::Probe | Command::Open, _) => PRESENTED_AGAIN,

        // An empty file; a shorter answer than asked for.
        (Command::FirstPart, 0x9000) => UNSUPPORTED,
        (Command::Part, 0x9000) => FAILED,

        // Twice "no precise diagnosis": that tells nothing about which card it is.
        (Command::FirstSelectAgain | Command::SecondSelectAgain, 0x6F00) => FAILED,
        // It was shown and is not what it was.
        (Command::Select | Command::FirstSelectAgain | Command::SecondSelectAgain, _) => {
            UNSUPPORTED
        }

        // Zero tries, in every form that cards have for it.
        (Command::ReadTries | Command::Verify, 0x63C0 | 0x6983 | 0x6984) => LOCKED,
        // The counter is shown, the last try confirmed; or the PIN was wrong and is typed again.
        (Command::ReadTries | Command::Verify, 0x63C1 | 0x63C2) => RESULT,
        // Without a counter no PIN is sent.
        (Command::ReadTries, _) => UNSUPPORTED,

        // The PIN was not verified after all, and the signature is refused; a signature without bytes is none.
        (Command::Verify | Command::Sign, 0x9000) => FAILED,
        // The card forgot the PIN.
        (Command::Sign, 0x6982) => FAILED,

        // Something went wrong in the card: try again. Or the card does not know the command: try another.
        (_, 0x6200..=0x66FF | 0x6F00) => FAILED,
        _ => UNSUPPORTED,
    }
}
