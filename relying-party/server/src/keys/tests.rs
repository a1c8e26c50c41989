use super::*;

fn keys() -> Keys {
    Keys::derive(&[7; 32]).unwrap()
}

#[test]
fn what_was_sealed_opens_for_its_row_and_purpose_only() {
    let keys = keys();
    let sealed = keys
        .seal(Sealed::CertificateFacts, b"row 1", b"facts")
        .unwrap();
    let open = |what, id: &[u8]| keys.open(what, id, &sealed);
    assert_eq!(
        open(Sealed::CertificateFacts, b"row 1").unwrap().as_slice(),
        b"facts"
    );
    assert!(open(Sealed::CertificateFacts, b"row 2").is_err());
    assert!(open(Sealed::Credential, b"row 1").is_err());
    let other = Keys::derive(&[8; 32]).unwrap();
    assert!(
        other
            .open(Sealed::CertificateFacts, b"row 1", &sealed)
            .is_err()
    );
}

#[test]
fn any_altered_byte_is_noticed_and_no_length_panics() {
    let keys = keys();
    let sealed = keys.seal(Sealed::Credential, b"row", b"facts").unwrap();
    for place in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[place] ^= 1;
        assert!(keys.open(Sealed::Credential, b"row", &altered).is_err());
        assert!(
            keys.open(Sealed::Credential, b"row", &sealed[..place])
                .is_err()
        );
    }
}

#[test]
fn equal_plain_texts_are_sealed_differently() {
    let keys = keys();
    let seal = || keys.seal(Sealed::Credential, b"row", b"facts").unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn the_lookup_depends_on_key_issuer_and_serial() {
    let keys = keys();
    let found = keys.certificate_lookup(&[1; 32], &[5]);
    assert_eq!(found, keys.certificate_lookup(&[1; 32], &[5]));
    assert_ne!(found, keys.certificate_lookup(&[1; 32], &[6]));
    assert_ne!(found, keys.certificate_lookup(&[2; 32], &[5]));
    let other = Keys::derive(&[8; 32]).unwrap();
    assert_ne!(found, other.certificate_lookup(&[1; 32], &[5]));
}

#[test]
fn a_key_file_is_made_once_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rp.key");
    assert!(matches!(open(&path), Err(KeyFileProblem::Missing(_))));
    let made = open_or_create(&path).unwrap();
    assert!(matches!(create(&path), Err(KeyFileProblem::Exists(_))));
    assert_eq!(open_or_create(&path).unwrap().check(), made.check());
}

#[cfg(unix)]
#[test]
fn a_key_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rp.key");
    create(&path).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(
        open(&path),
        Err(KeyFileProblem::ReadableByOthers(_))
    ));
}

#[test]
fn something_else_is_not_taken_for_a_key_file() {
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in [
        "",
        "format = 1\nkey = \"c2hvcnQ=\"\n",
        "format = 2\nkey = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"\n",
        "\u{0}",
    ]
    .iter()
    .enumerate()
    {
        let path = folder.path().join(number.to_string());
        create(&path).unwrap();
        std::fs::write(&path, text).unwrap();
        assert!(matches!(open(&path), Err(KeyFileProblem::NotAKeyFile(_))));
    }
}
