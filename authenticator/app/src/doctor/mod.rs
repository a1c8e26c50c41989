//! `doctor`: everything that must be so for the program to work, each with what was found and what to do.

mod browsers;
mod cards;
mod pin_entry;
mod policies;
mod security_key;
mod storage;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::messages::hid::{HidProblem, HidText};
use crate::messages::terminal::{Problem, Text, pad, width};
use crate::messages::{Language, Pair};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// As it should be.
    Passed,
    /// It works, and there is something to know.
    Caution,
    /// It does not work.
    Failed,
}

/// One line of the report.
struct Check {
    heading: String,
    outcome: Outcome,
    found: String,
    problem: Option<Pair>,
}

/// Collects the checks, in words.
struct Report {
    language: Language,
    checks: Vec<Check>,
}

impl Report {
    fn passed(&mut self, heading: &Text<'_>, found: &Text<'_>) {
        let found = self.language.text(found);
        self.passed_with(heading, found);
    }

    fn passed_with(&mut self, heading: &Text<'_>, found: String) {
        self.checks.push(Check {
            heading: self.language.text(heading),
            outcome: Outcome::Passed,
            found,
            problem: None,
        });
    }

    fn caution(&mut self, heading: &Text<'_>, problem: &Problem<'_>) {
        self.problem(heading, Outcome::Caution, problem);
    }

    fn failed(&mut self, heading: &Text<'_>, problem: &Problem<'_>) {
        self.problem(heading, Outcome::Failed, problem);
    }

    fn problem(&mut self, heading: &Text<'_>, outcome: Outcome, problem: &Problem<'_>) {
        let heading = self.language.text(heading);
        let pair = self.language.problem(problem);
        self.pair(heading, outcome, pair);
    }

    fn pair(&mut self, heading: String, outcome: Outcome, pair: Pair) {
        self.checks.push(Check {
            heading,
            outcome,
            found: pair.what.clone(),
            problem: Some(pair),
        });
    }

    fn hid_passed(&mut self, heading: &HidText<'_>, found: &HidText<'_>) {
        self.checks.push(Check {
            heading: self.language.hid_text(heading),
            outcome: Outcome::Passed,
            found: self.language.hid_text(found),
            problem: None,
        });
    }

    fn hid_caution(&mut self, heading: &HidText<'_>, problem: &HidProblem<'_>) {
        self.hid_problem(heading, Outcome::Caution, problem);
    }

    fn hid_failed(&mut self, heading: &HidText<'_>, problem: &HidProblem<'_>) {
        self.hid_problem(heading, Outcome::Failed, problem);
    }

    fn hid_problem(&mut self, heading: &HidText<'_>, outcome: Outcome, problem: &HidProblem<'_>) {
        let heading = self.language.hid_text(heading);
        let pair = self.language.hid_problem(problem);
        self.pair(heading, outcome, pair);
    }

    fn count(&self, outcome: Outcome) -> usize {
        let counted = |check: &&Check| check.outcome == outcome;
        self.checks.iter().filter(counted).count()
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let columns = self.checks.iter().map(|check| width(&check.heading)).max();
        let columns = columns.unwrap_or(0);
        for check in &self.checks {
            let mark = self.language.text(match check.outcome {
                Outcome::Passed => &Text::Passed,
                Outcome::Caution => &Text::Caution,
                Outcome::Failed => &Text::Failed,
            });
            let heading = pad(&check.heading, columns);
            writeln!(out, "[{mark}] {heading}  {}", check.found)?;
            if let Some(pair) = &check.problem {
                let indent = " ".repeat(6 + columns);
                let arrow = self.language.text(&Text::ToDo);
                for to_do in pair.action.lines() {
                    writeln!(out, "{indent} {arrow} {to_do}")?;
                }
                let code = self.language.text(&Text::Code(pair));
                writeln!(out, "{indent}   {code}")?;
            }
        }
        let summary = match (self.count(Outcome::Failed), self.count(Outcome::Caution)) {
            (0, 0) => Text::AllGood,
            (failed, cautions) => Text::Summary(failed, cautions),
        };
        writeln!(out, "\n{}", self.language.text(&summary))
    }
}

/// Runs every check and prints the report; fails if a check did.
///
/// # Errors
/// If `out` cannot be written.
pub(crate) fn run(language: Language, out: &mut impl Write) -> io::Result<ExitCode> {
    let mut report = Report {
        language,
        checks: Vec::new(),
    };
    cards::check(&mut report);
    browsers::check(&mut report);
    pin_entry::check(&mut report);
    security_key::check(&mut report);
    storage::check(&mut report);
    report.print(out)?;
    Ok(match report.count(Outcome::Failed) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}
