//! `rebind`: another card takes over; and other processes at the same time.

use super::*;

#[test]
fn a_backup_rebound_to_another_card_signs_in_with_it_and_no_longer_with_the_old_one() {
    let mut person = BackedUp::new();
    let computer = person.bench.computer.clone();
    person.replace_the_card();
    let path = person.path();
    let mut terminal = person.until_the_pin(&computer, &["rebind", "--from", &path]);
    person.bench.type_pin_elsewhere();
    let (succeeded, shown) = {
        terminal.types(&host::bench::person("p02").pin);
        terminal.ends()
    };
    assert!(succeeded && shown.contains("under the new card"), "{shown}");
    assert_eq!(person.sign_in(&computer, "p02"), 0b0001_1101);
    the_old_card_knows_nothing(&mut person);
}

/// Runs a command that reads the backup until it waits for a card, which it does not see until it is let go on.
fn held_before_the_card(person: &BackedUp, computer: &Computer, arguments: &[&str]) -> AtTerminal {
    let mut terminal = AtTerminal::run(computer, arguments);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    terminal.shows("no card");
    terminal.holds();
    person.bench.wait_until_unpowered(0);
    terminal
}

#[test]
fn what_another_process_restored_in_the_meantime_stays_as_it_made_it() {
    let mut person = BackedUp::new();
    let there = person.another_computer();
    let path = person.path();
    person.bench.card(0).remove();
    let mut slow = held_before_the_card(&person, &there, &["restore", &path]);
    person.bench.put_back(0);
    let (succeeded, shown) = person.restore(&there);
    assert!(
        succeeded && shown.contains("1 credential was restored."),
        "{shown}"
    );
    run(
        &there,
        &["credentials", "rename", &listed_id(&there), "仕事"],
    );
    person.sign_in(&there, "p01");
    let before = credentials(&there);
    slow.goes_on().shows("tries left): ");
    let shown = finish(&mut person.bench, slow, "p01");
    assert!(
        shown.contains("1 credential was here already. Nothing was changed."),
        "{shown}"
    );
    assert_eq!(credentials(&there), before);
    assert_eq!(person.sign_in(&there, "p01"), 0b0001_1101);
}

#[test]
fn what_another_process_removed_while_rebinding_does_not_come_back() {
    let mut person = BackedUp::new();
    let removed = listed_id(&person.bench.computer);
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    person
        .bench
        .register("p01", with(plain(), "user", hanako), false);
    person.bench.insert(1, card_of("p02"));
    let mut terminal = AtTerminal::run(&person.bench.computer, &["rebind"]);
    person.bench.type_pin_elsewhere();
    terminal
        .shows("tries left): ")
        .types(&host::bench::person("p01").pin);
    terminal.shows("PCD 00 01").shows("tries left): ");
    run(
        &person.bench.computer,
        &["credentials", "remove", &removed, "--yes"],
    );
    let shown = finish(&mut person.bench, terminal, "p02");
    assert!(
        shown.contains("1 credential is now sealed under the new card."),
        "{shown}"
    );
    assert!(
        shown.contains("1 credential was changed or removed by another program"),
        "{shown}"
    );
    assert!(!shown.contains("still under the old card"), "{shown}");
    let listed = credentials(&person.bench.computer);
    assert_eq!(listed.matches("example.jp").count(), 1, "{listed}");
    assert!(!listed.contains(&removed), "{listed}");
}

#[test]
fn rebinding_from_a_backup_counts_what_it_moved_and_says_what_it_did_not() {
    let mut person = BackedUp::new();
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    person
        .bench
        .register("p01", with(plain(), "user", hanako), false);
    let computer = person.bench.computer.clone();
    let path = person.path();
    let arguments = ["rebind", "--from", &path];
    person.bench.card(0).remove();
    let mut second = held_before_the_card(&person, &computer, &arguments);
    person.bench.insert(1, card_of("p02"));
    let first = person.until_the_pin(&computer, &arguments);
    let shown = finish(&mut person.bench, first, "p02");
    assert!(
        shown.contains("1 credential is now sealed under the new card."),
        "{shown}"
    );
    assert!(
        shown.contains("1 credential is still under the old card."),
        "{shown}"
    );
    assert!(!shown.contains("another program"), "{shown}");
    let after = credentials(&computer);
    // The other one was to move the same credential, which is no longer as it was.
    second.goes_on().shows("tries left): ");
    let shown = finish(&mut person.bench, second, "p02");
    assert!(shown.contains("No credential was moved"), "{shown}");
    assert!(
        shown.contains("1 credential was changed or removed by another program"),
        "{shown}"
    );
    assert_eq!(credentials(&computer), after);
    assert_eq!(person.sign_in(&computer, "p02"), 0b0001_1101);
    // Once more, it asks for no PIN.
    let mut terminal = AtTerminal::run(&computer, &arguments);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("is on this computer, under this card"),
        "{shown}"
    );
    assert!(shown.contains("There is nothing to do"), "{shown}");
    assert!(shown.contains("Code: JPKI-all-under-this-card"), "{shown}");
}

#[test]
fn the_old_card_hands_over_to_the_new_one_beside_it() {
    let mut person = BackedUp::new();
    let computer = person.bench.computer.clone();
    person.bench.insert(1, card_of("p02"));
    let mut terminal = AtTerminal::run(&computer, &["rebind"]);
    for (id, reader) in [("p01", "PCD 00 00"), ("p02", "PCD 00 01")] {
        person.bench.type_pin_elsewhere();
        terminal
            .shows(reader)
            .shows("tries left): ")
            .types(&host::bench::person(id).pin);
    }
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded && shown.contains("under the new card"), "{shown}");
    for reader in [0, 1] {
        person.bench.wait_until_unpowered(reader);
        assert!(forgot_the_pin(&person.bench.log(reader)));
    }
    person.bench.card(0).remove();
    person.sign_in(&computer, "p02");
    the_old_card_knows_nothing(&mut person);
}

fn the_old_card_knows_nothing(person: &mut BackedUp) {
    person.bench.card(1).remove();
    person.bench.put_back(0);
    let mut host = person.bench.computer.get(ORIGIN, request_options());
    host.prompt("no-credential");
}
