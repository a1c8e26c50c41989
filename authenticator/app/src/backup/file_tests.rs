use std::os::unix::fs::MetadataExt;

use age::Encryptor;
use eid_card::CardKeyHash;

use super::*;

const PASSPHRASE: &str = "korrekt Pferd 電池 staple";

fn empty() -> Backup {
    Backup {
        made_at: 1_800_000_000,
        card: CardKeyHash::from_bytes([7; 32]),
        credentials: Vec::new(),
    }
}

/// Any plaintext in the age format, with little work.
fn encrypted(plaintext: &[u8], work: u8) -> Vec<u8> {
    let mut recipient = scrypt::Recipient::new(secret(PASSPHRASE));
    recipient.set_work_factor(work);
    age::encrypt(&recipient, plaintext).unwrap()
}

#[test]
fn a_backup_opens_with_its_passphrase_only() {
    let content = encrypt(&empty(), PASSPHRASE).unwrap();
    assert!(content.starts_with(AGE));
    let opened = decrypt(&content, PASSPHRASE).unwrap();
    assert_eq!(opened.made_at, empty().made_at);
    let refused = decrypt(&content, "another passphrase").unwrap_err();
    assert_eq!(refused, BackupProblem::WrongPassphrase);
}

/// Which of the two it is, is said; except that a change to what hides the file's key looks like a wrong passphrase.
#[test]
fn a_file_that_was_cut_off_or_altered_is_told_from_a_wrong_passphrase() {
    let content = encrypted(&empty().to_bytes().unwrap(), 2);
    let header = content
        .windows(4)
        .position(|bytes| bytes == b"\n---")
        .unwrap();
    for length in 1..content.len() {
        let problem = decrypt(&content[..length], PASSPHRASE).unwrap_err();
        assert_eq!(problem, BackupProblem::Damaged, "cut off after {length}");
    }
    for position in header..content.len() {
        let mut altered = content.clone();
        altered[position] ^= 1;
        let problem = decrypt(&altered, PASSPHRASE).unwrap_err();
        assert_eq!(problem, BackupProblem::Damaged, "altered at {position}");
    }
    for position in 0..header {
        let mut altered = content.clone();
        altered[position] ^= 1;
        assert!(
            decrypt(&altered, PASSPHRASE).is_err(),
            "altered at {position}"
        );
    }
    assert_eq!(
        decrypt(&[content.as_slice(), &[0]].concat(), PASSPHRASE).unwrap_err(),
        BackupProblem::Damaged
    );
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let problem = |content: &[u8]| decrypt(content, PASSPHRASE).unwrap_err();
    assert_eq!(problem(b""), BackupProblem::NotABackup);
    assert_eq!(problem(b"\x89PNG\r\n"), BackupProblem::NotABackup);
    assert_eq!(problem(&encrypted(b"diary", 2)), BackupProblem::NotABackup);
    let newer = encrypted(b"jpki-authenticator backup 3\nwhatever", 2);
    assert_eq!(problem(&newer), BackupProblem::Newer);
    let malformed = encrypted(b"jpki-authenticator backup 1\nwhatever", 2);
    assert_eq!(problem(&malformed), BackupProblem::Damaged);
    assert_eq!(
        problem(&encrypted(b"x", WORK + 1)),
        BackupProblem::TooMuchWork
    );
    let to_a_key = age::x25519::Identity::generate().to_public();
    let encryptor = Encryptor::with_recipients(iter::once(&to_a_key as _)).unwrap();
    let mut content = Vec::new();
    encryptor
        .wrap_output(&mut content)
        .unwrap()
        .finish()
        .unwrap();
    assert_eq!(problem(&content), BackupProblem::NotABackup);
}

/// Before the passphrase is asked for.
#[test]
fn the_beginning_alone_tells_what_no_passphrase_opens() {
    let backup = encrypted(&empty().to_bytes().unwrap(), 2);
    assert_eq!(check_head(&backup), Ok(()));
    assert_eq!(check_head(&encrypted(b"diary", WORK)), Ok(()));
    let costly = encrypted(b"x", WORK + 1);
    assert_eq!(check_head(&costly), Err(BackupProblem::TooMuchWork));
    assert_eq!(check_head(b"diary"), Err(BackupProblem::NotABackup));
    let header = backup
        .windows(4)
        .position(|bytes| bytes == b"\n---")
        .unwrap();
    for length in 1..header {
        assert_eq!(
            check_head(&backup[..length]),
            Err(BackupProblem::Damaged),
            "{length}"
        );
    }
}

#[test]
fn a_file_is_made_for_its_user_alone_and_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("backup.age");
    check_free(&path).unwrap();
    write_new(&path, b"first").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert!(matches!(check_free(&path), Err(Trouble::FileExists(_))));
    assert!(matches!(
        write_new(&path, b"second"),
        Err(Trouble::FileExists(_))
    ));
    assert_eq!(read(&path).unwrap(), b"first");
    // A link that leads nowhere is a name that is taken as well.
    let link = home.path().join("link");
    std::os::unix::fs::symlink(home.path().join("elsewhere"), &link).unwrap();
    assert!(matches!(check_free(&link), Err(Trouble::FileExists(_))));
    assert!(write_new(&link, b"x").is_err());
    let nowhere = home.path().join("no/such/folder.age");
    let no_folder = |found: Result<(), Trouble>| match found {
        Err(Trouble::NoFolder(folder)) => assert_eq!(folder, home.path().join("no/such")),
        other => panic!("{other:?}"),
    };
    no_folder(check_free(&nowhere));
    no_folder(write_new(&nowhere, b"x"));
    // What is there but is no folder has another remedy.
    let in_a_file = path.join("backup.age");
    assert!(matches!(check_free(&in_a_file), Err(Trouble::File(..))));
}

#[test]
fn what_is_too_large_or_no_file_is_not_read() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("large");
    File::create(&path)
        .unwrap()
        .set_len(u64::MAX >> 2)
        .unwrap_or_else(|_| {
            File::create(&path).unwrap().set_len(1 << 33).unwrap();
        });
    assert!(matches!(
        read(&path),
        Err(Trouble::Backup(_, BackupProblem::TooLarge))
    ));
    assert!(matches!(
        read(Path::new("/dev/zero")),
        Err(Trouble::Backup(_, BackupProblem::NotABackup))
    ));
    assert!(matches!(
        read(&home.path().join("none")),
        Err(Trouble::NoFile(_))
    ));
}
