//! The PIN at the terminal: no try is spent unasked.

use super::*;

#[test]
fn the_pins_tries_are_as_sacred_at_the_terminal() {
    let mut person = BackedUp::new();
    let there = person.another_computer();
    let path = person.path();
    let right = &host::bench::person("p01").pin;
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    for impossible in ["", "123", "12345", "12a4"] {
        terminal.types(impossible);
        terminal
            .shows("No try was used up.")
            .shows("Code: JPKI-impossible-pin")
            .shows("3 tries left): ");
    }
    for left in ["2 tries left): ", "risk the last try"] {
        person.bench.type_pin_elsewhere();
        terminal.types(wrong_pin("p01"));
        terminal
            .shows("That PIN was wrong.")
            .shows("Code: JPKI-wrong-pin")
            .shows(left);
    }
    assert_eq!(person.bench.tries(0), 1);
    terminal.types("y");
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Nothing was changed"),
        "{shown}"
    );
    assert_eq!(person.bench.tries(0), 1);
    // With an explicit yes it is spent.
    let mut terminal = AtTerminal::run(&there, &["restore", &path]);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    terminal.shows("risk the last try").types("yes");
    person.bench.type_pin_elsewhere();
    terminal.shows("1 try left): ").types(right);
    assert!(terminal.ends().0);
    assert_eq!(person.bench.tries(0), 3);
}

/// The yes is an answer to the question only if the question was there to be read.
#[test]
fn a_yes_typed_ahead_does_not_risk_the_last_try() {
    let mut person = BackedUp::new();
    person.bench.set_tries(0, 2);
    let there = person.another_computer();
    let path = person.path();
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    person.bench.type_pin_elsewhere();
    terminal.types(wrong_pin("p01")).types("yes");
    terminal.shows("risk the last try").types("no");
    let (succeeded, shown) = terminal.ends();
    assert!(!succeeded && !shown.contains("1 try left"), "{shown}");
    assert_eq!(person.bench.tries(0), 1);
}

#[test]
fn a_locked_pin_is_said_and_no_pin_is_asked_for() {
    let person = BackedUp::new();
    person.bench.set_tries(0, 0);
    let there = person.another_computer();
    let mut terminal = AtTerminal::run(&there, &["restore", &person.path()]);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("locked") && !shown.contains("digits"),
        "{shown}"
    );
    assert!(shown.contains("Code: JPKI-pin-locked"), "{shown}");
}
