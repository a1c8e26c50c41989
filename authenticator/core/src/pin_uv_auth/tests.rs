use super::*;

/// Draws the same bytes for ever.
struct Always(u8);

impl rand_core::CryptoRng for Always {}

impl rand_core::RngCore for Always {
    fn next_u32(&mut self) -> u32 {
        u32::from(self.0)
    }

    fn next_u64(&mut self) -> u64 {
        u64::from(self.0)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn cose_key(x: &[u8], y: &[u8]) -> Map {
    Map::new()
        .with(1, 2)
        .with(3, -25)
        .with(-1, 1)
        .with(-2, x)
        .with(-3, y)
}

/// The values that python-fido2 tests its side of protocol one with (version 1.1.3, `tests/test_ctap2.py`).
#[test]
fn protocol_one_as_python_fido2_has_it() {
    let ours = "7452e599fee739d8a653f6a507343d12d382249108a651402520b72f24fe7684";
    let ours = KeyAgreement(SecretKey::from_slice(&bytes(ours)).unwrap());
    let public = ours.public_key().unwrap();
    let public = public.as_map().unwrap();
    let x = bytes("44d78d7989b97e62ea993496c9ef6e8fd58b8b00715f9a89153ddd9c4657e47f");
    let y = bytes("ec802ee7d22bd4e100f12e48537eb4e7e96ed3a47a0a3bd5f5eeab65001664f9");
    assert_eq!(*public, cose_key(&x, &y));

    let x = bytes("0501d5bc78da9252560a26cb08fcc60cbe0b6d3b8e1d1fcee514fac0af675168");
    let y = bytes("d551b3ed46f665731f95b4532939c25d91db7eb844bd96d4abd4083785f8df47");
    let theirs = cose_key(&x, &y);
    let shared = ours.shared_secret(Protocol::One, &theirs).unwrap();
    let secret = bytes("c42a039d548100dfba521e487debcbbb8b66bb7496f8b1862a7a395ed83e1a1c");
    assert_eq!(shared.aes_key.as_slice(), secret);
    assert_eq!(shared.hmac_key.as_slice(), secret);

    let token = shared.decrypt(&bytes("7a9f98e31b77be90f9c64d12e9635040"));
    let expected = bytes("aff12c6dcfbf9df52f7a09211e8865cd");
    assert_eq!(token.unwrap().to_vec(), expected);
    let pin_hash = &Sha256::digest("1234")[..16];
    assert_eq!(
        shared.encrypt(pin_hash, &mut Always(9)).unwrap(),
        bytes("afe8327ce416da8ee3d057589c2ce1a9"),
        "no randomness"
    );
}

#[test]
fn both_sides_share_a_secret() {
    for protocol in Protocol::ALL {
        let ours = KeyAgreement::generate(&mut Always(3)).unwrap();
        let theirs = KeyAgreement::generate(&mut Always(4)).unwrap();
        let secret = |mine: &KeyAgreement, other: &KeyAgreement| {
            let public = other.public_key().unwrap();
            mine.shared_secret(protocol, public.as_map().unwrap())
                .unwrap()
        };
        let (ours, theirs) = (secret(&ours, &theirs), secret(&theirs, &ours));
        let encrypted = ours.encrypt(&[7; 64], &mut Always(5)).unwrap();
        let iv = match protocol {
            Protocol::One => 0,
            Protocol::Two => {
                assert_eq!(encrypted[..16], [5; 16]);
                16
            }
        };
        assert_eq!(encrypted.len(), iv + 64);
        assert_eq!(theirs.decrypt(&encrypted).unwrap().to_vec(), [7; 64]);

        let mac = hmac(&theirs.hmac_key, &[b"a message"]);
        let whole = match protocol {
            Protocol::One => &mac[..16],
            Protocol::Two => &mac[..],
        };
        assert!(ours.verifies(&[b"a ", b"message"], whole));
        assert!(!ours.verifies(&[b"a massage"], whole));
        for other in [&mac[..0], &mac[..15], &whole[..whole.len() - 1]] {
            assert!(!ours.verifies(&[b"a message"], other), "{}", other.len());
        }
        let twice = [whole, whole].concat();
        assert!(!ours.verifies(&[b"a message"], &twice));
    }
}

#[test]
fn what_is_no_whole_blocks_is_not_decrypted() {
    let ours = KeyAgreement::generate(&mut Always(3)).unwrap();
    let public = ours.public_key().unwrap();
    for (protocol, lengths) in [
        (Protocol::One, &[1, 15, 17, 33][..]),
        (Protocol::Two, &[0, 1, 15, 17, 31, 33]),
    ] {
        let shared = ours
            .shared_secret(protocol, public.as_map().unwrap())
            .unwrap();
        for length in lengths {
            assert!(shared.decrypt(&vec![0; *length]).is_none(), "{length}");
        }
    }
}

#[test]
fn a_key_that_is_no_point_in_the_right_form_is_refused() {
    let ours = KeyAgreement::generate(&mut Always(3)).unwrap();
    let good = ours.public_key().unwrap().as_map().unwrap().clone();
    assert!(ours.shared_secret(Protocol::Two, &good).is_ok());
    let x = good.get(-2).unwrap().as_bytes().unwrap();
    for bad in [
        Map::new(),
        good.clone().with(1, 3),
        good.clone().with(3, -7),
        good.clone().with(-1, 2),
        good.clone().with(-2, &x[1..]),
        good.clone().with(-2, [&[0], x].concat()),
        good.clone().with(-2, "text"),
        good.clone().with(-3, x),
        good.clone().with(-2, &[0; 32][..]).with(-3, &[0; 32][..]),
        good.clone().with(-2, &[0xFF; 32][..]),
    ] {
        for protocol in Protocol::ALL {
            let failure = ours.shared_secret(protocol, &bad).err().unwrap();
            assert_eq!(failure, Failure::InvalidParameter("keyAgreement"));
        }
    }
}
