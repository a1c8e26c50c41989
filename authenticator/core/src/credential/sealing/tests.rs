use super::*;

/// Everything that a sealed thing depends on; each test changes one part.
#[derive(Clone)]
struct Case {
    device: [u8; 32],
    salt: [u8; 32],
    rp_id_hash: [u8; 32],
    nonce: [u8; 32],
    user_handle: Vec<u8>,
    card: [u8; 32],
    signature: [u8; 256],
}

impl Case {
    fn new() -> Case {
        Case {
            device: [1; 32],
            salt: [2; 32],
            rp_id_hash: [3; 32],
            nonce: [4; 32],
            user_handle: vec![7, 7, 7],
            card: [5; 32],
            signature: [6; 256],
        }
    }

    fn but(&self, change: impl FnOnce(&mut Case)) -> Case {
        let mut case = self.clone();
        change(&mut case);
        case
    }

    fn secrets(&self) -> Secrets {
        Secrets::new(Zeroizing::new(self.device), Zeroizing::new(self.salt))
    }

    fn id(&self) -> CredentialId {
        // The ID's tag needs a device secret too; here it stays the same, so that what
        // breaks is the seal.
        let secrets = Secrets::new(Zeroizing::new([9; 32]), Zeroizing::new([9; 32]));
        CredentialId::pairwise(&secrets, &[9; 32], &self.nonce)
    }

    fn message(&self, purpose: Purpose) -> SealingMessage {
        let card = CardKeyHash::from_bytes(self.card);
        match purpose {
            Purpose::Key => {
                SealingMessage::for_key(&self.secrets(), &self.rp_id_hash, &self.id(), &card)
            }
            Purpose::Names => SealingMessage::for_names(&self.secrets(), &card),
        }
    }

    fn key(&self, purpose: Purpose) -> SealingKey {
        self.message(purpose)
            .key(&self.secrets(), &self.signature)
            .unwrap()
    }

    fn with_binding<T>(&self, action: impl FnOnce(Binding<'_>) -> T) -> T {
        action(Binding {
            id: &self.id(),
            rp_id_hash: &self.rp_id_hash,
            user_handle: &self.user_handle,
            card: &CardKeyHash::from_bytes(self.card),
        })
    }

    fn seal(&self, purpose: Purpose) -> Vec<u8> {
        self.with_binding(|binding| self.key(purpose).seal(binding, &[8; 24], b"secret"))
            .unwrap()
    }

    fn open(&self, purpose: Purpose, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        self.with_binding(|binding| self.key(purpose).open(binding, sealed))
            .map(|plaintext| plaintext.to_vec())
    }

    /// Opens with the key of `self`, bound to what `other` says: the associated data alone.
    fn open_bound_to(&self, other: &Case, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        other
            .with_binding(|binding| self.key(Purpose::Key).open(binding, sealed))
            .map(|plaintext| plaintext.to_vec())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_was_sealed_is_opened() {
    let case = Case::new();
    for purpose in [Purpose::Key, Purpose::Names] {
        let sealed = case.seal(purpose);
        assert_eq!(case.open(purpose, &sealed).unwrap(), b"secret");
    }
}

/// Computed independently from the formulas at the head of `sealing.rs`. Stored credentials hang on these
/// bytes: a change needs another version.
#[test]
fn message_and_key_of_version_1_stay_as_they_are() {
    let case = Case::new();
    assert_eq!(
        hex(case.message(Purpose::Key).digest()),
        "94aa0a491d179a285e2f137904b377d1e9ac4dfcf33d0da1389c0fbb0dba9a8b\
         06ec9934e4c6698c658a2821e3975f3eab98d112f227eecac78bb68542f343f2"
    );
    assert_eq!(
        hex(&*case.key(Purpose::Key).key),
        "f4f66f2c96d45ddcfc132c62f6ea9d01fe95f4534222817ad216217e5d36e0c8"
    );
    assert_eq!(
        hex(case.message(Purpose::Names).digest()),
        "17e15c5276b2ed9b35ec98557b0fe48a73e4354ca86289dd58a386a3dfc46257\
         3374b04dc99aa90bc20aff45cfdae8ebf7bd7a0b075db681d70d5e7a2cce1f3a"
    );
    assert_eq!(
        hex(&*case.key(Purpose::Names).key),
        "60160b83a98bd4fd08b6593a625dcdd8da6606058828ece4461e7251bbabc88e"
    );
}

#[test]
fn nothing_opens_with_another_secret_salt_site_nonce_card_or_signature() {
    let case = Case::new();
    let sealed = case.seal(Purpose::Key);
    for (what, other) in [
        ("signature", case.but(|case| case.signature[255] ^= 1)),
        ("device secret", case.but(|case| case.device[0] ^= 1)),
        ("RP ID hash", case.but(|case| case.rp_id_hash[31] ^= 1)),
        ("nonce", case.but(|case| case.nonce[0] ^= 1)),
        ("card", case.but(|case| case.card[0] ^= 1)),
        ("user handle", case.but(|case| case.user_handle[0] ^= 1)),
    ] {
        assert_eq!(
            other.open(Purpose::Key, &sealed),
            Err(Failure::SealBroken),
            "{what}"
        );
    }
}

#[test]
fn the_card_signs_something_else_for_each_installation_site_nonce_card_and_purpose() {
    let case = Case::new();
    let mut digests: Vec<[u8; 64]> = [
        case.clone(),
        case.but(|case| case.salt[0] ^= 1),
        case.but(|case| case.rp_id_hash[0] ^= 1),
        case.but(|case| case.nonce[0] ^= 1),
        case.but(|case| case.card[0] ^= 1),
    ]
    .iter()
    .map(|case| *case.message(Purpose::Key).digest())
    .collect();
    digests.push(*case.message(Purpose::Names).digest());
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 6);
}

#[test]
fn every_field_of_the_associated_data_counts() {
    let case = Case::new();
    let sealed = case.seal(Purpose::Key);
    assert!(case.open_bound_to(&case, &sealed).is_ok());
    for (what, other) in [
        ("credential ID", case.but(|case| case.nonce[0] ^= 1)),
        ("RP ID hash", case.but(|case| case.rp_id_hash[0] ^= 1)),
        ("user handle", case.but(|case| case.user_handle[2] ^= 1)),
        (
            "a longer user handle",
            case.but(|case| case.user_handle.push(5)),
        ),
        (
            "a shorter user handle",
            case.but(|case| {
                case.user_handle.pop();
            }),
        ),
        ("card", case.but(|case| case.card[31] ^= 1)),
    ] {
        assert_eq!(
            case.open_bound_to(&other, &sealed),
            Err(Failure::SealBroken),
            "{what}"
        );
    }
}

#[test]
fn every_altered_or_missing_byte_breaks_the_seal() {
    let case = Case::new();
    let sealed = case.seal(Purpose::Key);
    for position in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[position] ^= 0x80;
        assert_eq!(
            case.open(Purpose::Key, &altered),
            Err(Failure::SealBroken),
            "byte {position}"
        );
        assert_eq!(
            case.open(Purpose::Key, &sealed[..position]),
            Err(Failure::SealBroken),
            "cut at {position}"
        );
    }
}

#[test]
fn a_sealed_key_is_no_sealed_name() {
    let case = Case::new();
    let sealed = case.seal(Purpose::Key);
    assert_eq!(case.open(Purpose::Names, &sealed), Err(Failure::SealBroken));
}
