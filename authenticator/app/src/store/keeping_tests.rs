use super::*;
use crate::store::samples::{credential, id, registration, store};
use eid_card::CardKeyHash;

/// Cards, by the byte that their hash and what they sealed are made of.
const OLD: u8 = 1;
const NEW: u8 = 77;
const OTHER: u8 = 88;

/// A store with credentials of these numbers at `example.jp`, all under the old card.
fn with(numbers: &[u8]) -> (tempfile::TempDir, Store) {
    let (home, mut store) = store();
    for &number in numbers {
        let mut made = registration(number, "example.jp");
        made.credential.card = card(OLD);
        store.commit_registration(&made).unwrap();
    }
    (home, store)
}

/// What another process of the same person has open.
fn another(home: &tempfile::TempDir) -> Store {
    Store::open(&home.path().join("store")).unwrap()
}

fn old(number: u8) -> CredentialRecord {
    let mut record = credential(number, "example.jp");
    record.card = card(OLD);
    record
}

fn card(mark: u8) -> CardKeyHash {
    CardKeyHash::from_bytes([mark; 32])
}

/// The same credential sealed under a card.
fn under(mark: u8, before: &CredentialRecord) -> CredentialRecord {
    let mut record = before.clone();
    record.card = card(mark);
    record.key = CredentialKey::Sealed(vec![mark; 72]);
    record.sealed_names = Some(vec![mark; 90]);
    record
}

/// A credential that is to be moved from the one card to the other.
fn moved(number: u8) -> Sealed {
    Sealed {
        record: under(NEW, &old(number)),
        label: None,
        before: Some(old(number)),
    }
}

/// A credential that is to be added.
fn added(number: u8) -> Sealed {
    Sealed {
        before: None,
        label: Some("from the file".to_owned()),
        ..moved(number)
    }
}

/// What is stored, with its label.
fn stored(store: &mut Store) -> Vec<(CredentialRecord, Option<String>)> {
    let everything = store.everything().unwrap().into_iter();
    everything.map(|kept| (kept.record, kept.label)).collect()
}

fn unnamed(
    records: impl IntoIterator<Item = CredentialRecord>,
) -> Vec<(CredentialRecord, Option<String>)> {
    records.into_iter().map(|record| (record, None)).collect()
}

#[test]
fn everything_is_listed_by_site_then_age_then_id() {
    let (_home, mut store) = store();
    let mut expected = Vec::new();
    for (rp_id, created_at, number) in [
        ("a.example", 20, 5),
        ("b.example", 10, 1),
        ("b.example", 10, 2),
        ("b.example", 15, 0),
        ("c.example", 5, 3),
    ] {
        let mut made = registration(number, rp_id);
        made.credential.created_at = created_at;
        expected.push(made);
    }
    for position in [3, 2, 0, 4, 1] {
        store.commit_registration(&expected[position]).unwrap();
    }
    let expected = expected.into_iter().map(|made| made.credential);
    assert_eq!(stored(&mut store), unnamed(expected));
}

#[test]
fn a_label_is_given_changed_and_taken_away_from_the_one_credential_only() {
    let (home, mut store) = with(&[1, 2]);
    let labels = |store: &mut Store| -> Vec<Option<String>> {
        stored(store).into_iter().map(|(_, label)| label).collect()
    };
    for label in [Some("仕事"), Some("a'; DROP TABLE credentials; --"), None] {
        assert!(store.rename(&id(2), label).unwrap());
        let expected = [None, label.map(str::to_owned)];
        assert_eq!(labels(&mut store), expected);
        assert_eq!(labels(&mut another(&home)), expected, "it is on the disk");
    }
    assert!(!store.rename(&id(9), Some("nobody")).unwrap());
    assert_eq!(stored(&mut store), unnamed([old(1), old(2)]));
}

#[test]
fn only_the_one_credential_is_removed() {
    let (home, mut store) = with(&[1, 2, 3]);
    store.remove(&id(2)).unwrap();
    store.remove(&id(9)).unwrap();
    let rest = unnamed([old(1), old(3)]);
    assert_eq!(stored(&mut store), rest);
    assert_eq!(stored(&mut another(&home)), rest, "it is on the disk");
}

#[test]
fn only_those_in_a_backup_are_marked_and_nothing_else_of_them_changes() {
    let (home, mut store) = with(&[1, 2, 3]);
    store.mark_backed_up(&[id(1), id(9), id(3)]).unwrap();
    let mut expected = [old(1), old(2), old(3)];
    expected[0].backed_up = true;
    expected[2].backed_up = true;
    let expected = unnamed(expected);
    assert_eq!(stored(&mut store), expected);
    assert_eq!(stored(&mut another(&home)), expected, "it is on the disk");
    // Another time it stays so.
    store.mark_backed_up(&[id(1)]).unwrap();
    store.mark_backed_up(&[]).unwrap();
    assert_eq!(stored(&mut store), expected);
}

#[test]
fn what_is_missing_is_added_with_all_that_there_is_of_it() {
    let (home, mut store) = with(&[1]);
    let mut second = added(2);
    second.record.backed_up = true;
    second.record.created_at = 1_700_000_000;
    let mut third = added(3);
    third.record.discoverable = false;
    third.record.sealed_names = None;
    third.label = None;
    let changed = store.put_sealed(&[second.clone(), third.clone()]).unwrap();
    assert_eq!(changed, 2);
    let expected = [
        (second.record, second.label),
        (old(1), None),
        (third.record, None),
    ];
    assert_eq!(stored(&mut store), expected);
    assert_eq!(stored(&mut another(&home)), expected, "it is on the disk");
}

#[test]
fn what_is_here_is_moved_and_keeps_label_last_use_and_backup() {
    let (home, mut store) = with(&[1, 2]);
    store.rename(&id(1), Some("仕事")).unwrap();
    store.commit_use(&id(1), 1_800_000_500).unwrap();
    store.mark_backed_up(&[id(1)]).unwrap();
    let mut first = moved(1);
    first.label = Some("of another time".to_owned());
    let mut second = moved(2);
    second.record.backed_up = true;
    assert_eq!(store.put_sealed(&[first, second.clone()]).unwrap(), 2);
    let mut kept = under(NEW, &old(1));
    kept.last_used_at = Some(1_800_000_500);
    kept.backed_up = true;
    let expected = [(kept, Some("仕事".to_owned())), (second.record, None)];
    assert_eq!(stored(&mut store), expected);
    assert_eq!(stored(&mut another(&home)), expected, "it is on the disk");
}

#[test]
fn large_blobs_go_with_the_credentials_to_another_card() {
    let (home, mut store) = with(&[1, 2]);
    store
        .put_large_blobs(&card(OLD), b"the old card's")
        .unwrap();
    let of = |store: &mut Store, mark| store.large_blobs(&card(mark)).unwrap();

    store.put_sealed(&[moved(1)]).unwrap();
    let expected = Some(b"the old card's".to_vec());
    assert_eq!(of(&mut store, NEW), expected);
    assert_eq!(
        of(&mut store, OLD),
        expected,
        "one credential is left there"
    );

    store.put_sealed(&[moved(2)]).unwrap();
    assert_eq!(of(&mut another(&home), NEW), expected);
    assert_eq!(of(&mut another(&home), OLD), None);
}

#[test]
fn large_blobs_of_the_new_card_are_not_overwritten_and_the_old_ones_not_lost() {
    let (_home, mut store) = with(&[1]);
    store
        .put_large_blobs(&card(OLD), b"the old card's")
        .unwrap();
    store
        .put_large_blobs(&card(NEW), b"the new card's")
        .unwrap();
    store.put_sealed(&[moved(1)]).unwrap();
    let of = |store: &mut Store, mark| store.large_blobs(&card(mark)).unwrap();
    assert_eq!(of(&mut store, NEW), Some(b"the new card's".to_vec()));
    assert_eq!(of(&mut store, OLD), Some(b"the old card's".to_vec()));
}

#[test]
fn what_stays_under_its_card_leaves_the_large_blobs_there() {
    let (_home, mut store) = with(&[1]);
    store.put_large_blobs(&card(OLD), b"the card's").unwrap();
    let mut again = moved(1);
    again.record = under(OLD, &again.record);
    store.put_sealed(&[again]).unwrap();
    let blobs = store.large_blobs(&card(OLD)).unwrap();
    assert_eq!(blobs, Some(b"the card's".to_vec()));
}

#[test]
fn the_id_tells_which_one_is_moved_even_among_those_that_are_the_same_otherwise() {
    let (_home, mut store) = with(&[1]);
    let mut same = registration(1, "example.jp");
    same.credential.id = id(2);
    same.credential.card = card(OLD);
    store.commit_registration(&same).unwrap();
    assert_eq!(store.put_sealed(&[moved(1)]).unwrap(), 1);
    let expected = unnamed([under(NEW, &old(1)), same.credential]);
    assert_eq!(stored(&mut store), expected);
}

/// Two processes restore the same backup; or this one is restoring, and another has moved what it restored to another card.
#[test]
fn what_another_process_added_in_the_meantime_is_not_overwritten() {
    let (home, mut store) = with(&[]);
    let mut fresher = added(1);
    fresher.record = under(OTHER, &fresher.record);
    fresher.label = Some("仕事".to_owned());
    assert_eq!(another(&home).put_sealed(&[fresher.clone()]).unwrap(), 1);
    assert_eq!(store.put_sealed(&[added(1), added(2)]).unwrap(), 1);
    let expected = [
        (fresher.record, fresher.label),
        (added(2).record, added(2).label),
    ];
    assert_eq!(stored(&mut store), expected);
}

#[test]
fn what_another_process_removed_in_the_meantime_does_not_come_back_by_moving_it() {
    let (home, mut store) = with(&[1, 2]);
    another(&home).remove(&id(1)).unwrap();
    assert_eq!(store.put_sealed(&[moved(1), moved(2)]).unwrap(), 1);
    assert_eq!(stored(&mut store), unnamed([under(NEW, &old(2))]));
}

/// Everything that tells that a row is no longer the one that was opened.
#[test]
fn what_another_process_changed_in_the_meantime_is_not_moved() {
    let changes: [fn(&mut CredentialRecord); 4] = [
        |record| record.card = card(OTHER),
        |record| record.key = CredentialKey::Sealed(vec![99; 72]),
        |record| record.rp_id = "example.com".to_owned(),
        |record| record.user_handle = vec![99; 64],
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let (home, mut store) = with(&[1, 2]);
        let mut made = registration(1, "example.jp");
        made.credential.card = card(OLD);
        change(&mut made.credential);
        made.replaces = vec![id(1)];
        another(&home).commit_registration(&made).unwrap();
        assert_eq!(
            store.put_sealed(&[moved(1), moved(2)]).unwrap(),
            1,
            "{number}"
        );
        let mut found = stored(&mut store);
        found.sort_by_key(|(record, _)| record.id);
        let expected = unnamed([made.credential, under(NEW, &old(2))]);
        assert_eq!(found, expected, "{number}");
    }
}

/// credentialManagement's updateUserInformation, in the security key's process.
#[test]
fn names_that_a_platform_changed_in_the_meantime_are_not_lost_by_moving_them() {
    for changed in [Some([99; 90].as_slice()), None] {
        let (home, mut store) = with(&[1, 2]);
        let named = another(&home).put_names(&card(OLD), &id(1), changed);
        assert!(named.unwrap());
        assert_eq!(store.put_sealed(&[moved(1), moved(2)]).unwrap(), 1);
        let mut first = old(1);
        first.sealed_names = changed.map(<[u8]>::to_vec);
        let expected = unnamed([first.clone(), under(NEW, &old(2))]);
        assert_eq!(stored(&mut store), expected);
        // Read anew, it moves, with names or without.
        let mut anew = moved(1);
        anew.before = Some(first);
        assert_eq!(store.put_sealed(&[anew]).unwrap(), 1);
    }
}

#[test]
fn two_processes_move_the_same_credentials_and_each_is_under_one_card() {
    let numbers: Vec<u8> = (1..=40).collect();
    for _ in 0..10 {
        let (home, mut store) = with(&numbers);
        let to = |card| -> Vec<Sealed> {
            let all = numbers.iter().map(|number| Sealed {
                record: under(card, &old(*number)),
                ..moved(*number)
            });
            all.collect()
        };
        let cards = [NEW, OTHER];
        let changed = std::thread::scope(|scope| {
            let threads = cards.map(|card| {
                let (home, to) = (&home, &to);
                scope.spawn(move || another(home).put_sealed(&to(card)).unwrap())
            });
            threads.map(|thread| thread.join().unwrap())
        });
        assert!(changed == [40, 0] || changed == [0, 40], "{changed:?}");
        let winner = if changed[0] == 40 { NEW } else { OTHER };
        let expected = numbers.iter().map(|number| under(winner, &old(*number)));
        assert_eq!(stored(&mut store), unnamed(expected));
    }
}

#[test]
fn all_or_none_is_changed() {
    let (_home, mut store) = with(&[1, 2]);
    let mut impossible = added(3);
    impossible.record.created_at = u64::MAX;
    let mut of_card = moved(2);
    of_card.record.key = CredentialKey::InCard;
    let mut was_of_card = moved(2);
    was_of_card.before.as_mut().unwrap().key = CredentialKey::InCard;
    for failing in [impossible, of_card, was_of_card] {
        let result = store.put_sealed(&[added(4), moved(1), failing]);
        assert!(matches!(result, Err(StoreError::Impossible(_))));
        assert_eq!(stored(&mut store), unnamed([old(1), old(2)]));
    }
    let refuse = "CREATE TEMP TRIGGER refuse BEFORE UPDATE ON credentials WHEN old.user_handle = zeroblob(64)
                  BEGIN SELECT RAISE(ABORT, 'refused'); END";
    let mut third = registration(3, "example.jp");
    third.credential.user_handle = vec![0; 64];
    store.commit_registration(&third).unwrap();
    store.connection.execute_batch(refuse).unwrap();
    assert!(matches!(
        store.mark_backed_up(&[id(1), id(2), id(3)]),
        Err(StoreError::Database(_))
    ));
    let mut failing = moved(3);
    failing.record.user_handle = vec![0; 64];
    failing.before = Some(third.credential.clone());
    assert!(matches!(
        store.put_sealed(&[added(4), moved(1), failing]),
        Err(StoreError::Database(_))
    ));
    assert_eq!(
        stored(&mut store),
        unnamed([old(1), old(2), third.credential])
    );
}
