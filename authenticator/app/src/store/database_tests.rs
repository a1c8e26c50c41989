use std::os::unix::fs::MetadataExt;

use authenticator_core::Disclosure;

use super::*;
use crate::store::samples::{credential, id, registration, store};

/// A card credential's registration, which gives the card's public key away.
fn of_card(byte: u8, rp_id: &str) -> Registration {
    let mut bytes = [byte; CredentialId::LENGTH];
    bytes[0] = 2;
    let mut registration = disclosed(byte, rp_id);
    registration.credential.id = CredentialId::from_bytes(&bytes).unwrap();
    registration.credential.key = CredentialKey::InCard;
    let disclosure = registration.disclosure.as_mut().unwrap();
    disclosure.credential = registration.credential.id;
    disclosure.what = Disclosed::CardKey;
    registration
}

fn disclosed(byte: u8, rp_id: &str) -> Registration {
    let credential = credential(byte, rp_id);
    let disclosure = Disclosure {
        what: Disclosed::Certificate,
        rp_id: rp_id.to_owned(),
        credential: credential.id,
        card: credential.card,
        at: 1_800_000_000,
    };
    Registration {
        credential,
        replaces: vec![],
        disclosure: Some(disclosure),
        remember_site: true,
    }
}

#[test]
fn what_was_stored_is_there_after_opening_again() {
    let (home, mut store) = store();
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    store
        .commit_registration(&disclosed(2, "example.jp"))
        .unwrap();
    store.commit_use(&id(1), 1_800_000_100).unwrap();
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    let mut used = credential(1, "example.jp");
    used.last_used_at = Some(1_800_000_100);
    assert_eq!(store.credential(&id(1)).unwrap(), Some(used.clone()));
    assert_eq!(store.credential(&id(9)).unwrap(), None);
    let mut found = store.credentials("example.jp").unwrap();
    found.sort_by_key(|credential| credential.id);
    assert_eq!(found, [used, credential(2, "example.jp")]);
    assert_eq!(store.credentials("example.com").unwrap(), []);
    assert!(store.site_remembered("example.jp").unwrap());
    assert!(!store.site_remembered("example.com").unwrap());
    assert_eq!(
        store.disclosures().unwrap(),
        [entry(Disclosed::Certificate, "example.jp")]
    );
}

fn entry(what: Disclosed, rp_id: &str) -> DisclosureEntry {
    DisclosureEntry {
        at: 1_800_000_000,
        what,
        rp_id: rp_id.to_owned(),
    }
}

/// What a registration with extensions keeps; and no other level than the three exists.
#[test]
fn protection_and_large_blob_key_are_there_after_opening_again() {
    let (home, mut store) = store();
    let levels = [
        CredProtect::Optional,
        CredProtect::OptionalWithCredentialIdList,
        CredProtect::Required,
    ];
    for (byte, level) in (1..).zip(levels) {
        let mut registration = registration(byte, "example.jp");
        registration.credential.cred_protect = level;
        registration.credential.large_blob_key = byte == 2;
        store.commit_registration(&registration).unwrap();
    }
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    for (byte, level) in (1..).zip(levels) {
        let stored = store.credential(&id(byte)).unwrap().unwrap();
        assert_eq!(stored.cred_protect, level);
        assert_eq!(stored.large_blob_key, byte == 2);
    }
    for level in [0, 4] {
        let refused = store
            .connection
            .execute("UPDATE credentials SET cred_protect = ?", [level]);
        assert!(refused.is_err(), "level {level}");
    }
}

#[test]
fn a_card_credential_is_there_after_opening_again() {
    let (home, mut store) = store();
    let registration = of_card(3, "example.jp");
    store.commit_registration(&registration).unwrap();
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    assert_eq!(
        store.credentials("example.jp").unwrap(),
        [registration.credential]
    );
    assert_eq!(
        store.disclosures().unwrap(),
        [entry(Disclosed::CardKey, "example.jp")]
    );
}

/// What version 0.1.0 of this program left behind, opened by this one.
#[test]
fn a_store_from_before_card_credentials_goes_on_working() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("store");
    let folder = PrivateDir::open(&path).unwrap();
    folder.open_file(FILE).unwrap();
    let connection = Connection::open(folder.file(FILE)).unwrap();
    connection
        .execute_batch(include_str!("../../tests/pcsc_store/schemas/1.sql"))
        .unwrap();
    let id = [1_u8; CredentialId::LENGTH];
    connection
        .execute(
            "INSERT INTO credentials VALUES (?, 'pairwise', 'example.jp', ?, 1, ?, ?, ?, 0, 1800000000, 1800000100)",
            params![id, [1_u8; 64], [1_u8; 32], [1_u8; 72], [1_u8; 90]],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO disclosures (at, rp_id, credential, card) VALUES (1800000000, 'example.jp', ?, ?)",
            params![id, [1_u8; 32]],
        )
        .unwrap();
    drop(connection);

    let mut store = Store::open(&path).unwrap();
    let mut before = credential(1, "example.jp");
    before.last_used_at = Some(1_800_000_100);
    assert_eq!(store.credentials("example.jp").unwrap(), [before.clone()]);
    assert_eq!(
        store.disclosures().unwrap(),
        [entry(Disclosed::Certificate, "example.jp")]
    );
    let mut newer = of_card(2, "example.jp");
    newer.replaces = vec![before.id];
    store.commit_registration(&newer).unwrap();
    assert_eq!(store.credentials("example.jp").unwrap(), [newer.credential]);
}

#[test]
fn commits_wait_for_the_disk_and_what_is_deleted_is_overwritten() {
    let (_home, store) = store();
    let setting = |name: &str| {
        store
            .connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .unwrap()
    };
    assert_eq!(setting("journal_mode"), "wal".to_owned().into());
    // FULL.
    assert_eq!(setting("synchronous"), 2.into());
    assert_eq!(setting("secure_delete"), 1.into());
    assert_eq!(setting("trusted_schema"), 0.into());
    let wait = i64::try_from(BUSY.as_millis()).unwrap();
    assert_eq!(setting("busy_timeout"), wait.into());
}

#[test]
fn what_no_backup_holds_is_counted_per_card() {
    let (_home, mut store) = store();
    let card = CardKeyHash::from_bytes([1; 32]);
    let mut saved = registration(3, "example.jp");
    saved.credential.card = card;
    saved.credential.backed_up = true;
    for each in [
        &registration(1, "example.jp"),
        &registration(2, "example.jp"),
        &saved,
    ] {
        store.commit_registration(each).unwrap();
    }
    let count = |pairwise, not_backed_up| Count {
        pairwise,
        not_backed_up,
    };
    assert_eq!(store.count(&card).unwrap(), count(2, 1));
    assert_eq!(
        store.count(&CardKeyHash::from_bytes([9; 32])).unwrap(),
        count(0, 0)
    );
}

#[test]
fn a_registration_takes_the_place_of_older_ones() {
    let (_home, mut store) = store();
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    let mut newer = registration(2, "example.jp");
    newer.replaces = vec![id(1), id(7)];
    store.commit_registration(&newer).unwrap();
    assert_eq!(
        store.credentials("example.jp").unwrap(),
        [credential(2, "example.jp")]
    );
}

#[test]
fn a_registration_that_fails_leaves_nothing_behind() {
    let (_home, mut store) = store();
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    store
        .commit_registration(&registration(2, "example.jp"))
        .unwrap();
    // The ID is taken, so the insertion fails after the removal.
    let mut failing = disclosed(2, "example.com");
    failing.replaces = vec![id(1)];
    assert!(matches!(
        store.commit_registration(&failing),
        Err(StoreError::Database(_))
    ));
    assert_eq!(store.credentials("example.jp").unwrap().len(), 2);
    assert_eq!(store.disclosures().unwrap(), []);
    assert!(!store.site_remembered("example.com").unwrap());
}

#[test]
fn all_files_are_private() {
    let (home, mut store) = store();
    store.secrets().unwrap();
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    let files: Vec<_> = fs::read_dir(home.path().join("store"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[test]
fn secrets_are_not_made_anew_under_existing_credentials() {
    let (home, mut store) = store();
    store.secrets().unwrap();
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    fs::remove_file(home.path().join("store/secrets")).unwrap();
    assert!(matches!(
        store.secrets(),
        Err(StoreError::SecretsMissing(_))
    ));
}

#[test]
fn several_processes_may_write_at_once() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("store");
    std::thread::scope(|scope| {
        for writer in 0..4_u8 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                for count in 0..5 {
                    store
                        .commit_registration(&registration(1 + writer * 5 + count, "example.jp"))
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(
        Store::open(&path)
            .unwrap()
            .credentials("example.jp")
            .unwrap()
            .len(),
        20
    );
}

#[test]
fn the_store_of_a_newer_program_is_left_alone() {
    let (home, store) = store();
    store
        .connection
        .pragma_update(None, "user_version", 9999)
        .unwrap();
    drop(store);
    assert!(matches!(
        Store::open(&home.path().join("store")),
        Err(StoreError::Newer)
    ));
}

#[test]
fn impossible_values_are_reported() {
    let (_home, mut store) = store();
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    for (change, column) in [
        ("kind = 'to come'", "kind"),
        // Another kind than the ID's.
        ("kind = 'card', sealed_key = NULL", "kind"),
        (
            "kind = 'pairwise', sealed_key = x'01', created_at = -1",
            "created_at",
        ),
    ] {
        store
            .connection
            .execute(&format!("UPDATE credentials SET {change}"), ())
            .unwrap();
        match store.credential(&id(1)) {
            Err(StoreError::Impossible(found)) => assert_eq!(found, column, "{change}"),
            other => panic!("{change}: {other:?}"),
        }
    }
}

/// The length of the write-ahead log.
fn log_of(store: &Path) -> u64 {
    let log = store.join(format!("{FILE}-wal"));
    fs::metadata(log).unwrap().len()
}

/// What a process finds after this one, and all that it had in memory, is gone: the store's files in another folder.
fn found_after_power_loss(store: &Path) -> Store {
    let after = tempfile::tempdir().unwrap().keep();
    for file in fs::read_dir(store).unwrap().map(Result::unwrap) {
        if file.file_name() != format!("{FILE}-shm").as_str() {
            fs::copy(file.path(), after.join(file.file_name())).unwrap();
        }
    }
    Store::open(&after).unwrap()
}

#[test]
fn the_log_keeps_its_length_and_loses_nothing() {
    let (home, first) = store();
    let path = home.path().join("store");
    first.tidy_up();
    let (mut grown, mut overwritten) = (0, 0);
    for byte in 1..60 {
        assert_eq!(log_of(&path), LOG);
        let mut store = found_after_power_loss(&path);
        let after = store.folder.file("");
        store
            .commit_registration(&registration(byte, "example.jp"))
            .unwrap();
        match log_of(&after) {
            LOG => overwritten += 1,
            _ => grown += 1,
        }
        store.tidy_up();
        assert_eq!(log_of(&after), LOG);
        let mut later = found_after_power_loss(&after);
        assert_eq!(
            later.credentials("example.jp").unwrap().len(),
            usize::from(byte)
        );
        fs::remove_dir_all(&path).unwrap();
        fs::rename(&after, &path).unwrap();
        fs::remove_dir_all(later.folder.file("")).unwrap();
    }
    assert!(
        grown > 1 && overwritten > 5 * grown,
        "{grown}, {overwritten}"
    );
}

#[test]
fn a_log_that_another_process_writes_to_is_left_alone() {
    let (home, mut other) = store();
    let path = home.path().join("store");
    let before = log_of(&path);
    let mine = Store::open(&path).unwrap();
    let writing = other.begin().unwrap();
    mine.tidy_up();
    writing.commit().unwrap();
    assert_eq!(log_of(&path), before);
    other
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    other.tidy_up();
    assert_eq!(log_of(&path), LOG);
    let mut after = found_after_power_loss(&path);
    assert_eq!(after.credentials("example.jp").unwrap().len(), 1);
}

#[test]
fn tidying_up_while_others_write_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("store");
    std::thread::scope(|scope| {
        for writer in 0..4_u8 {
            let path = &path;
            scope.spawn(move || {
                for count in 0..20 {
                    let mut store = Store::open(path).unwrap();
                    store
                        .commit_registration(&registration(1 + writer * 20 + count, "example.jp"))
                        .unwrap();
                    store.tidy_up();
                }
            });
        }
    });
    let mut after = found_after_power_loss(&path);
    assert_eq!(after.credentials("example.jp").unwrap().len(), 80);
}

#[test]
fn a_site_that_is_forgotten_stays_forgotten_and_the_history_stays() {
    let (home, mut store) = store();
    for (byte, rp_id) in [(1, "example.jp"), (2, "example.com"), (3, "example.org")] {
        let mut each = disclosed(byte, rp_id);
        each.credential.created_at += u64::from(byte);
        store.commit_registration(&each).unwrap();
    }
    let newest_first = ["example.org", "example.com", "example.jp"];
    assert_eq!(store.remembered_sites().unwrap(), newest_first);
    store.forget_site("example.com").unwrap();
    store.forget_site("example.com").unwrap();
    store.forget_site("never.example").unwrap();
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    assert_eq!(
        store.remembered_sites().unwrap(),
        ["example.org", "example.jp"]
    );
    assert!(!store.site_remembered("example.com").unwrap());
    assert_eq!(store.disclosures().unwrap().len(), 3);
}
