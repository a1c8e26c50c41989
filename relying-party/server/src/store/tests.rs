use uuid::Uuid;

use super::*;

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("rp.sqlite3"))
        .await
        .unwrap();
    (folder, store)
}

fn person(name: &str) -> Person {
    Person {
        id: Uuid::new_v4(),
        account_name: name.to_owned(),
        name_key: name.to_owned(),
        created_at: 1,
    }
}

fn enrolment(name: &str, certificate: Option<[u8; 32]>) -> Enrolment {
    Enrolment {
        person: person(name),
        account: Account::New,
        credential: CredentialRecord {
            id: Uuid::new_v4(),
            lookup: [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()]
                .concat()
                .try_into()
                .unwrap(),
            sealed: vec![1],
            algorithm: -7,
            card_key: false,
            transports: vec!["usb".to_owned()],
            created_at: 1,
            last_used_at: None,
        },
        certificate: certificate.map(|lookup| CertificateRecord {
            id: Uuid::new_v4(),
            lookup,
            facts: vec![2],
            shown: Certificate {
                profile: "lab".to_owned(),
                class: Class::Practice,
                country: "JP".to_owned(),
                anchor: "generation 3".to_owned(),
                anchor_from: 1,
                anchor_until: 2,
                not_after: 3,
                revocation: Revocation::NotChecked,
                verified_at: 4,
            },
        }),
    }
}

#[tokio::test]
async fn an_enrolment_is_read_back_as_it_was_written() {
    let (_folder, store) = store().await;
    let written = enrolment("taro", Some([1; 32]));
    store.enrol(&written).await.unwrap();
    let read = store
        .credential(&written.credential.lookup)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.person_id, written.person.id);
    assert_eq!(read.record.transports, ["usb"]);
    assert_eq!(
        read.certificate.unwrap(),
        written.certificate.unwrap().shown
    );
}

#[tokio::test]
async fn an_enrolment_is_stored_as_a_whole_or_not_at_all() {
    let (_folder, store) = store().await;
    let first = enrolment("taro", Some([1; 32]));
    store.enrol(&first).await.unwrap();

    let same_certificate = enrolment("jiro", Some([1; 32]));
    assert!(matches!(
        store.enrol(&same_certificate).await,
        Err(EnrolError::CertificateTaken)
    ));
    let mut same_credential = enrolment("jiro", Some([2; 32]));
    same_credential.credential.lookup = first.credential.lookup;
    assert!(matches!(
        store.enrol(&same_credential).await,
        Err(EnrolError::CredentialTaken)
    ));
    assert!(store.person_by_name("jiro").await.unwrap().is_none());
    store
        .enrol(&enrolment("jiro", Some([2; 32])))
        .await
        .unwrap();
    assert!(matches!(
        store.enrol(&enrolment("jiro", None)).await,
        Err(EnrolError::NameTaken)
    ));
}

#[tokio::test]
async fn a_person_who_is_gone_gets_no_credential() {
    let (_folder, store) = store().await;
    let mut enrolment = enrolment("taro", None);
    enrolment.account = Account::SignedIn;
    assert!(matches!(
        store.enrol(&enrolment).await,
        Err(EnrolError::PersonGone)
    ));
}

#[tokio::test]
async fn a_credential_that_changed_meanwhile_is_not_overwritten() {
    let (_folder, store) = store().await;
    let enrolment = enrolment("taro", None);
    store.enrol(&enrolment).await.unwrap();
    let id = enrolment.credential.id;
    assert!(store.record_use(id, &[1], &[9], 5).await.unwrap());
    assert!(!store.record_use(id, &[1], &[8], 6).await.unwrap());
    let read = store
        .credential(&enrolment.credential.lookup)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.record.sealed, [9]);
    assert_eq!(read.record.last_used_at, Some(5));
}

#[tokio::test]
async fn a_challenge_is_taken_once_in_time_and_by_its_session() {
    let (_folder, store) = store().await;
    let (session, other) = ([1; 32], [2; 32]);
    for token in [session, other] {
        store.create_session(&token, None, 0, 1000).await.unwrap();
    }
    let challenge = Challenge {
        id: [3; 32],
        purpose: Purpose::Registration,
        session,
        state: vec![7],
        expires_at: 100,
    };
    store.keep_challenge(&challenge).await.unwrap();
    let take = async |purpose, session, now| {
        store
            .take_challenge(&[3; 32], purpose, &session, now)
            .await
            .unwrap()
    };
    assert_eq!(take(Purpose::Registration, other, 50).await, None);
    assert_eq!(take(Purpose::Authentication, session, 50).await, None);
    assert_eq!(take(Purpose::Registration, session, 100).await, None);
    assert_eq!(
        take(Purpose::Registration, session, 99).await,
        Some(vec![7])
    );
    assert_eq!(take(Purpose::Registration, session, 99).await, None);
}

#[tokio::test]
async fn the_end_of_a_session_ends_what_it_started() {
    let (_folder, store) = store().await;
    let session = [1; 32];
    store.create_session(&session, None, 0, 1000).await.unwrap();
    store
        .keep_challenge(&Challenge {
            id: [3; 32],
            purpose: Purpose::Registration,
            session,
            state: vec![7],
            expires_at: 100,
        })
        .await
        .unwrap();
    store.end_session(&session).await.unwrap();
    assert!(store.session(&session, 1, 0).await.unwrap().is_none());
    let taken = store
        .take_challenge(&[3; 32], Purpose::Registration, &session, 50)
        .await
        .unwrap();
    assert_eq!(taken, None);
}

#[tokio::test]
async fn a_database_belongs_to_one_key_file() {
    let (folder, store) = store().await;
    store.bind_to_key(&[1; 32], 0).await.unwrap();
    store.close().await;
    let store = Store::open(&folder.path().join("rp.sqlite3"))
        .await
        .unwrap();
    store.bind_to_key(&[1; 32], 0).await.unwrap();
    assert!(matches!(
        store.bind_to_key(&[2; 32], 0).await,
        Err(StoreError::OtherKeyFile)
    ));
}

#[tokio::test]
async fn everything_is_on_disk_when_it_is_reported() {
    let (_folder, store) = store().await;
    let settings = store.durability().await.unwrap();
    assert_eq!(settings, ("wal".to_owned(), 2), "WAL, synchronous = FULL");
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, store) = store().await;
    store.bind_to_key(&[1; 32], 0).await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[tokio::test]
async fn credential_ids_of_an_older_version_are_hashed_once() {
    let (_folder, store) = store().await;
    store.bind_to_key(&[1; 32], 0).await.unwrap();
    let enrolment = enrolment("taro", None);
    store.enrol(&enrolment).await.unwrap();
    let before = enrolment.credential.lookup;
    let hash = |id: &[u8]| -> [u8; 32] {
        let mut hash = [7; 32];
        hash[0] = id[0] ^ 0xff;
        hash
    };
    for _ in 0..2 {
        store.hash_credential_ids(hash).await.unwrap();
        assert!(store.credential(&before).await.unwrap().is_none());
        assert!(store.credential(&hash(&before)).await.unwrap().is_some());
    }
}

/// The tables as the first version made them, with somebody in them.
#[tokio::test]
async fn a_database_of_the_first_version_goes_on_with_everybody_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let migrations = folder.path().join("migrations");
    std::fs::create_dir(&migrations).unwrap();
    let first = std::fs::read_dir("migrations/sqlite")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|file| {
            file.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("0001")
        })
        .unwrap();
    std::fs::copy(&first, migrations.join(first.file_name().unwrap())).unwrap();
    let file = folder.path().join("rp.sqlite3");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let migrator = sqlx::migrate::Migrator::new(migrations).await.unwrap();
    migrator.run(&pool).await.unwrap();
    let written = enrolment("taro", Some([1; 32]));
    let (person, credential) = (&written.person, &written.credential);
    let vouching = written.certificate.as_ref().unwrap();
    let credential_id = [[1; 32], [2; 32]].concat();
    sqlx::raw_sql("INSERT INTO installation VALUES (1, zeroblob(32), 0)")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query("INSERT INTO people VALUES (?, 'taro', 'taro', 1)")
        .bind(person.id.as_bytes().as_slice())
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO certificates VALUES (?, ?, zeroblob(32), x'02', 'lab', 'practice', 'JP', 'generation 3', 1, 2, 3, \
         'not-checked', 4)",
    )
    .bind(vouching.id.as_bytes().as_slice())
    .bind(person.id.as_bytes().as_slice())
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("INSERT INTO credentials VALUES (?, ?, ?, ?, x'01', -7, '[\"usb\"]', 1, 5)")
        .bind(credential.id.as_bytes().as_slice())
        .bind(person.id.as_bytes().as_slice())
        .bind(vouching.id.as_bytes().as_slice())
        .bind(&credential_id)
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;

    let store = Store::open(&file).await.unwrap();
    store.bind_to_key(&[0; 32], 9).await.unwrap();
    let hash = |id: &[u8]| -> [u8; 32] {
        assert_eq!(id, credential_id);
        [7; 32]
    };
    store.hash_credential_ids(hash).await.unwrap();
    store.close().await;

    let store = Store::open(&file).await.unwrap();
    store.hash_credential_ids(hash).await.unwrap();
    let read = store.credential(&[7; 32]).await.unwrap().unwrap();
    assert_eq!(read.person_id, person.id);
    assert_eq!(read.record.last_used_at, Some(5));
    assert!(!read.record.card_key);
    assert_eq!(read.certificate.unwrap(), vouching.shown);
    store
        .keep_link_code(person.id, &[1; 32], 100)
        .await
        .unwrap();
    assert!(store.remove_person(person.id).await.unwrap());
}
