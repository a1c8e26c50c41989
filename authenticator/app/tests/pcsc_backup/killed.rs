//! The program is killed, or interrupted, while the card works or the store is written.

use super::*;

#[test]
fn killed_at_any_moment_the_store_holds_all_or_nothing() {
    let mut person = BackedUp::new();
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    person
        .bench
        .register("p01", with(plain(), "user", hanako), false);
    fs::remove_file(person.file()).unwrap();
    assert!(person.back_up().0);
    person.bench.card(0).set_pace(Pace {
        command: Duration::ZERO,
        signature: Duration::from_millis(60),
    });
    let path = person.path();
    // Two keys and the names: three signatures, then the commit, which may or may not have happened.
    let moments = [(1, 0), (2, 0), (3, 0), (3, 5), (3, 10), (3, 20), (3, 40)];
    let mut restored = 0;
    for (signed, later) in moments {
        let there = person.another_computer();
        let before = signatures(&person.bench, 0);
        let mut terminal = person.until_the_pin(&there, &["restore", &path]);
        person.bench.type_pin_elsewhere();
        terminal.types(&host::bench::person("p01").pin);
        while signatures(&person.bench, 0) < before + signed {
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_millis(later));
        terminal.kill();
        let listed = credentials(&there).matches("example.jp").count();
        assert!(listed == 0 || listed == 2, "{listed} of two");
        restored += listed / 2;
        person.bench.wait_until_unpowered(0);
        if listed == 0 {
            let (succeeded, shown) = person.restore(&there);
            assert!(
                succeeded && shown.contains("2 credentials were restored"),
                "{shown}"
            );
        }
        person.sign_in(&there, "p01");
    }
    assert!(restored < moments.len(), "it was never killed in time");
}

/// How often the card in a reader has signed.
fn signatures(bench: &Bench, reader: usize) -> usize {
    let log = bench.log(reader);
    let signed = log
        .iter()
        .filter(|entry| entry.name.as_deref() == Some("SIGN"));
    signed.count()
}

#[test]
fn killed_while_rebinding_every_credential_is_still_under_one_card() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    bench.register("p01", plain(), false);
    let registered = bench.register("p01", with(plain(), "user", hanako), false);
    bench.insert(1, card_of("p02"));
    let slowly = Pace {
        command: Duration::ZERO,
        signature: Duration::from_millis(60),
    };
    let people = ["p01", "p02"];
    // The card that opens them now, by its reader.
    let mut owner = 0;
    let mut stayed = 0;
    let moments = [
        (0, 2, 0),
        (1, 1, 0),
        (1, 2, 0),
        (1, 3, 0),
        (1, 3, 5),
        (1, 3, 15),
        (1, 3, 40),
    ];
    for (turn, signed, later) in moments {
        // First the old card opens two keys and the names, then the new one seals as many.
        let readers = [owner, 1 - owner];
        let before = readers.map(|reader| signatures(&bench, reader));
        bench.card(0).set_pace(slowly);
        bench.card(1).set_pace(slowly);
        let mut terminal = AtTerminal::run(&bench.computer, &["rebind"]);
        for reader in readers.iter().take(turn + 1) {
            bench.type_pin_elsewhere();
            terminal
                .shows("tries left): ")
                .types(&person(people[*reader]).pin);
        }
        while signatures(&bench, readers[turn]) < before[turn] + signed {
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_millis(later));
        terminal.kill();
        for reader in [0, 1] {
            bench.card(reader).set_pace(Pace::default());
            bench.wait_until_unpowered(reader);
        }
        // All of them are under the one card or all under the other: it is shown as here, the other has none.
        bench.card(1 - owner).remove();
        let listed = credentials(&bench.computer);
        let here = listed.matches("(here)").count();
        assert!(here == 0 || here == 2, "{listed}");
        bench.put_back(1 - owner);
        if here == 0 {
            owner = 1 - owner;
        } else {
            stayed += 1;
        }
    }
    assert!(stayed > 0, "it was never killed in time");
    bench.card(1 - owner).remove();
    let named = json!([{"type": "public-key", "id": registered["id"]}]);
    let response = bench.sign_in(
        people[owner],
        with(request_options(), "allowCredentials", named),
    );
    assert_signed_in(&registered, &response);
}

#[test]
fn ctrl_c_while_the_card_works_changes_nothing_and_unpowers_the_card() {
    let mut person = BackedUp::new();
    person.bench.card(0).set_pace(Pace {
        command: Duration::ZERO,
        signature: Duration::from_millis(700),
    });
    let there = person.another_computer();
    let path = person.path();
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    person.bench.type_pin_elsewhere();
    terminal.types(&host::bench::person("p01").pin);
    terminal.shows("Leave the card").interrupts();
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Nothing was changed"),
        "{shown}"
    );
    person.bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&person.bench.log(0)));
    assert!(credentials(&there).contains("There are no credentials"));
}
