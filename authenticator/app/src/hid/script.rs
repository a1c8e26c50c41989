//! Prompts answered by a file instead of a person: for test suites, with a practice card. See [`Script::parse`].

use std::fmt;
use std::time::Duration;

use eid_card::Pin;
use zeroize::Zeroizing;

/// The longest script, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;

/// What comes next.
pub(crate) struct Script {
    steps: Vec<Step>,
    next: usize,
}

/// One line.
#[derive(Clone)]
pub(crate) enum Step {
    /// A PIN, and what is agreed to.
    Pin {
        /// As written, four digits.
        digits: Zeroizing<String>,
        /// It may follow a wrong one.
        again: bool,
        /// What is agreed to.
        agreed: Agreed,
    },
    /// A yes without a PIN.
    Approve(Agreed),
    /// An account, by its place in the list, from 0.
    Choose(usize),
    /// A no.
    Decline,
    /// For so long nobody answers; then the next line does.
    Wait(Duration),
    /// Everything from the first line.
    Repeat,
}

/// What an approval agrees to besides the request itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// The certificate's switch is on.
    pub(crate) disclose: bool,
    /// The card credential's switch is on.
    pub(crate) card_credential: bool,
    /// The site is to be remembered.
    pub(crate) remember: bool,
    /// The last try may be spent.
    pub(crate) last_try: bool,
}

/// A line that means nothing, by its number from 1. What stands there is not told: it may be a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAScript(pub(crate) usize);

impl Script {
    /// Reads a script: one step a line, taken in order, one for each question; `#` begins a comment.
    ///
    /// | line | means |
    /// |---|---|
    /// | `pin 1234` | approve, with this PIN. Never the answer to a question about a wrong PIN |
    /// | `pin-again 1234` | the same, and also after a wrong PIN |
    /// | `approve` | approve where no PIN is asked |
    /// | `choose 2` | the second account of the list |
    /// | `decline` | no |
    /// | `wait`, `wait 300` | do not answer (for 300 ms, then by the next line) |
    /// | `repeat` | go on at the first line |
    ///
    /// After `pin`, `pin-again` and `approve`, any of the words `disclose`, `card-credential`, `remember`, `last-try` may follow.
    ///
    /// # Errors
    /// [`NotAScript`].
    pub(crate) fn parse(text: &str) -> Result<Script, NotAScript> {
        let mut steps = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_whitespace();
            if let Some(word) = words.next() {
                steps.push(step(word, &mut words).ok_or(NotAScript(at + 1))?);
            }
        }
        // A script of nothing else would be repeated for ever.
        let answers = |step: &Step| !matches!(step, Step::Repeat);
        match steps.iter().position(answers) {
            Some(0) => Ok(Script { steps, next: 0 }),
            _ => Err(NotAScript(1)),
        }
    }

    /// The next step; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Step> {
        if matches!(self.steps.get(self.next), Some(Step::Repeat)) {
            self.next = 0;
        }
        let step = self.steps.get(self.next).cloned();
        self.next += usize::from(step.is_some());
        step
    }
}

/// Says how many lines, never what is in them.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script({} of {})", self.next, self.steps.len())
    }
}

fn step<'a>(word: &str, words: &mut impl Iterator<Item = &'a str>) -> Option<Step> {
    let step = match word {
        "pin" | "pin-again" => {
            let digits = Zeroizing::new(words.next()?.to_owned());
            Pin::parse(&digits).ok()?;
            Step::Pin {
                digits,
                again: word == "pin-again",
                agreed: agreed(words)?,
            }
        }
        "approve" => Step::Approve(agreed(words)?),
        "choose" => Step::Choose(words.next()?.parse::<usize>().ok()?.checked_sub(1)?),
        "decline" => Step::Decline,
        "wait" => Step::Wait(match words.next() {
            Some(milliseconds) => Duration::from_millis(milliseconds.parse::<u32>().ok()?.into()),
            None => super::attention::REQUEST,
        }),
        "repeat" => Step::Repeat,
        _ => return None,
    };
    words.next().is_none().then_some(step)
}

fn agreed<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Agreed> {
    let mut agreed = Agreed::default();
    for word in words {
        match word {
            "disclose" => agreed.disclose = true,
            "card-credential" => agreed.card_credential = true,
            "remember" => agreed.remember = true,
            "last-try" => agreed.last_try = true,
            _ => return None,
        }
    }
    Some(agreed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps in short, as many as asked for.
    fn told(text: &str, count: usize) -> Vec<String> {
        let mut script = Script::parse(text).unwrap();
        let tell = |step| match step {
            Some(Step::Pin {
                digits,
                again,
                agreed,
            }) => format!(
                "{} {again} {}",
                digits.as_str(),
                agreed.disclose && agreed.remember && agreed.card_credential && agreed.last_try
            ),
            Some(Step::Approve(agreed)) => format!("approve {}", agreed.disclose),
            Some(Step::Choose(index)) => format!("account {index}"),
            Some(Step::Decline) => "decline".into(),
            Some(Step::Wait(time)) => format!("wait {}", time.as_millis()),
            Some(Step::Repeat) => "repeat".into(),
            None => "end".into(),
        };
        (0..count).map(|_| tell(script.next())).collect()
    }

    #[test]
    fn lines_are_taken_in_order() {
        let text = "# A practice card.\n\npin 1234\npin-again 0000 disclose remember card-credential last-try # so\n\
                    approve disclose\nchoose 2\r\n  decline\nwait 300\nwait\n";
        let expected = [
            "1234 false false",
            "0000 true true",
            "approve true",
            "account 1",
            "decline",
            "wait 300",
            "wait 300000",
            "end",
            "end",
        ];
        assert_eq!(told(text, 9), expected);
    }

    #[test]
    fn a_script_may_be_repeated() {
        assert_eq!(
            told("approve\ndecline\nrepeat", 5),
            [
                "approve false",
                "decline",
                "approve false",
                "decline",
                "approve false"
            ]
        );
    }

    #[test]
    fn what_means_nothing_is_refused_by_its_line() {
        for (text, line) in [
            ("", 1),
            ("# nothing", 1),
            ("repeat", 1),
            ("yes", 1),
            ("approve\npin", 2),
            ("pin 123", 1),
            ("pin 12345", 1),
            ("pin abcd", 1),
            ("pin 1234 9999", 1),
            ("approve all", 1),
            ("choose 0", 1),
            ("choose one", 1),
            ("decline it", 1),
            ("wait -1", 1),
        ] {
            assert_eq!(
                Script::parse(text).err(),
                Some(NotAScript(line)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn no_pin_is_shown() {
        let script = Script::parse("pin 9876").unwrap();
        assert!(!format!("{script:?}").contains("9876"));
    }
}
