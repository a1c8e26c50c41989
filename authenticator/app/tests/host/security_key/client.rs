//! A host with a channel, and the requests that it makes.

use super::*;

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u8,
    /// Its CBOR, if there is any.
    pub(crate) value: Option<Value>,
    /// What the keepalives before it said.
    pub(crate) keepalives: Vec<u8>,
}

impl Answer {
    /// A member of the answer, which must be a success.
    pub(crate) fn member(&self, key: i64) -> &Value {
        assert_eq!(self.status, 0, "{self:?}");
        let members = self.value.as_ref().unwrap().as_map().unwrap();
        let found = members.iter().find(|(name, _)| *name == Value::from(key));
        &found.unwrap().1
    }
}

/// A host with a channel.
pub(crate) struct Client {
    pub(super) socket: UdpSocket,
    pub(crate) channel: u32,
}

impl Client {
    /// Sends all packets of a message.
    pub(crate) fn send(&self, command: u8, message: &[u8]) {
        let (begin, rest) = message.split_at(message.len().min(57));
        let length = u16::try_from(message.len()).unwrap().to_be_bytes();
        self.send_packet(&[&[0x80 | command], &length[..], begin].concat());
        for (sequence, part) in rest.chunks(59).enumerate() {
            self.send_packet(&[&[u8::try_from(sequence).unwrap()], part].concat());
        }
    }

    /// Sends one packet: what follows its channel.
    pub(crate) fn send_packet(&self, bytes: &[u8]) {
        let mut report = [self.channel.to_be_bytes().as_slice(), bytes].concat();
        report.resize(64, 0);
        self.send_datagram(&report);
    }

    /// Sends a datagram as it is.
    pub(crate) fn send_datagram(&self, datagram: &[u8]) {
        self.socket.send(datagram).unwrap();
    }

    /// The next message.
    pub(crate) fn receive(&self) -> (u8, Vec<u8>) {
        self.receive_within(HANGING).unwrap()
    }

    /// The next message, if it begins within this time.
    pub(crate) fn receive_within(&self, time: Duration) -> Option<(u8, Vec<u8>)> {
        self.socket.set_read_timeout(Some(time)).unwrap();
        let mut report = [0; 65];
        let first = self.socket.recv(&mut report).ok()?;
        assert_eq!(first, 64);
        assert_eq!(report[..4], self.channel.to_be_bytes());
        let command = report[4] & 0x7F;
        assert_eq!(report[4], 0x80 | command, "a message begins");
        let length = usize::from(u16::from_be_bytes([report[5], report[6]]));
        let mut message = report[7..64].to_vec();
        let mut sequence = 0;
        while message.len() < length {
            assert_eq!(self.socket.recv(&mut report).unwrap(), 64);
            assert_eq!(report[..4], self.channel.to_be_bytes());
            assert_eq!(report[4], sequence);
            sequence += 1;
            message.extend(&report[5..64]);
        }
        assert!(message[length..].iter().all(|byte| *byte == 0));
        message.truncate(length);
        Some((command, message))
    }

    /// The answer to the request that was sent.
    pub(crate) fn answer(&self) -> Answer {
        let mut keepalives = Vec::new();
        loop {
            match self.receive() {
                (KEEPALIVE, status) => keepalives.extend(status),
                (CBOR, answer) => {
                    let (status, rest) = answer.split_first().unwrap();
                    return Answer {
                        status: *status,
                        value: (!rest.is_empty()).then(|| ciborium::from_reader(rest).unwrap()),
                        keepalives,
                    };
                }
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits until the authenticator says that it waits for the person.
    pub(crate) fn wait_for_prompt(&self) {
        loop {
            match self.receive() {
                (KEEPALIVE, status) if status == [2] => return,
                (KEEPALIVE, _) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Asks and waits for the answer.
    pub(crate) fn ask(&self, request: &[u8]) -> Answer {
        self.send(CBOR, request);
        self.answer()
    }
}

/// The client data's hash of every request here.
pub(crate) fn client_data_hash() -> Vec<u8> {
    Sha256::digest(b"client data").to_vec()
}

fn request(command: u8, parameters: Vec<(i64, Value)>) -> Vec<u8> {
    let mut request = vec![command];
    let parameters = parameters
        .into_iter()
        .map(|(key, value)| (Value::from(key), value))
        .collect();
    ciborium::into_writer(&Value::Map(parameters), &mut request).unwrap();
    request
}

fn map(members: &[(&str, Value)]) -> Value {
    let members = members.iter().cloned();
    Value::Map(members.map(|(key, value)| (key.into(), value)).collect())
}

/// authenticatorMakeCredential for `example.jp`: ES256, discoverable, user verification by our own prompt.
pub(crate) fn make_credential(user: &[u8]) -> Vec<u8> {
    let algorithm = map(&[("alg", (-7).into()), ("type", "public-key".into())]);
    request(
        0x01,
        vec![
            (1, client_data_hash().into()),
            (2, map(&[("id", "example.jp".into())])),
            (3, map(&[("id", user.into()), ("name", "taro".into())])),
            (4, vec![algorithm].into()),
            (7, map(&[("rk", true.into()), ("uv", true.into())])),
        ],
    )
}

/// The same, with a token in place of our own prompt for the PIN (protocol 1).
pub(crate) fn make_credential_with(token: &[u8], user: &[u8]) -> Vec<u8> {
    let algorithm = map(&[("alg", (-7).into()), ("type", "public-key".into())]);
    let mut mac = <Hmac<Sha256>>::new_from_slice(token).unwrap();
    mac.update(&client_data_hash());
    let param = mac.finalize().into_bytes()[..16].to_vec();
    request(
        0x01,
        vec![
            (1, client_data_hash().into()),
            (2, map(&[("id", "example.jp".into())])),
            (3, map(&[("id", user.into()), ("name", "taro".into())])),
            (4, vec![algorithm].into()),
            (7, map(&[("rk", true.into())])),
            (8, param.into()),
            (9, 1.into()),
        ],
    )
}

impl Client {
    /// Agrees on a key, by protocol 1; with our half of the agreement.
    fn agree(&self) -> ([u8; 32], Value) {
        let agreement = self.ask(&request(0x06, vec![(1, 1.into()), (2, 2.into())]));
        let theirs = agreement.member(1).as_map().unwrap();
        let coordinate = |label: i64| {
            let found = theirs.iter().find(|(key, _)| *key == Value::from(label));
            found.unwrap().1.as_bytes().unwrap().clone()
        };
        let point = [&[4][..], &coordinate(-2), &coordinate(-3)].concat();
        let theirs = p256::PublicKey::from_sec1_bytes(&point).unwrap();
        let ours = p256::SecretKey::from_slice(&[7; 32]).unwrap();
        let shared = p256::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
        let key = Sha256::digest(shared.raw_secret_bytes());
        let ours =
            p256::elliptic_curve::sec1::ToEncodedPoint::to_encoded_point(&ours.public_key(), false);
        let cose = Value::Map(vec![
            (1.into(), 2.into()),
            (3.into(), (-25).into()),
            ((-1).into(), 1.into()),
            ((-2).into(), ours.x().unwrap().to_vec().into()),
            ((-3).into(), ours.y().unwrap().to_vec().into()),
        ]);
        (key.into(), cose)
    }

    /// A token for the PIN, as a platform asks for it (getPinToken, protocol 1); or the status if there is none.
    pub(crate) fn pin_token(&self, pin: &str) -> Result<Vec<u8>, u8> {
        let (key, cose) = self.agree();
        let hash = encrypt(&key, &Sha256::digest(pin)[..16]);
        let answer = self.ask(&request(
            0x06,
            vec![(1, 1.into()), (2, 5.into()), (3, cose), (6, hash.into())],
        ));
        if answer.status != 0 {
            return Err(answer.status);
        }
        Ok(decrypt(&key, answer.member(2).as_bytes().unwrap()))
    }

    /// Signs in at `example.jp` and has hmac-secret evaluate these salts.
    pub(crate) fn hmac_secret(&self, allowed: &[u8], salts: &[u8]) -> Vec<u8> {
        let (key, cose) = self.agree();
        let encrypted = encrypt(&key, salts);
        let mut mac = <Hmac<Sha256>>::new_from_slice(&key).unwrap();
        mac.update(&encrypted);
        let authenticated = mac.finalize().into_bytes()[..16].to_vec();
        let input = Value::Map(vec![
            (1.into(), cose),
            (2.into(), encrypted.into()),
            (3.into(), authenticated.into()),
        ]);
        let descriptor = map(&[("id", allowed.into()), ("type", "public-key".into())]);
        let answer = self.ask(&request(
            0x02,
            vec![
                (1, "example.jp".into()),
                (2, client_data_hash().into()),
                (3, vec![descriptor].into()),
                (4, map(&[("hmac-secret", input)])),
                (5, map(&[("uv", true.into())])),
            ],
        ));
        let data = answer.member(2).as_bytes().unwrap();
        let outputs: Value = ciborium::from_reader(&data[37..]).unwrap();
        let outputs = outputs.into_map().unwrap();
        assert_eq!(outputs[0].0, "hmac-secret".into());
        decrypt(&key, outputs[0].1.as_bytes().unwrap())
    }
}

/// `encrypt` of PIN/UV auth protocol 1: whole blocks.
fn encrypt(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    let mut blocks = plaintext.to_vec();
    let mut cipher = cbc::Encryptor::<aes::Aes256>::new(&(*key).into(), &[0; 16].into());
    for block in blocks.as_chunks_mut::<16>().0 {
        cipher.encrypt_block(block.into());
    }
    blocks
}

/// `decrypt` of PIN/UV auth protocol 1.
fn decrypt(key: &[u8; 32], ciphertext: &[u8]) -> Vec<u8> {
    let mut blocks = ciphertext.to_vec();
    let mut cipher = cbc::Decryptor::<aes::Aes256>::new(&(*key).into(), &[0; 16].into());
    for block in blocks.as_chunks_mut::<16>().0 {
        cipher.decrypt_block(block.into());
    }
    blocks
}

/// authenticatorGetAssertion for `example.jp`, with these credentials or, without any, those that are found.
pub(crate) fn get_assertion(allowed: &[&[u8]], options: &[(&str, Value)]) -> Vec<u8> {
    let mut parameters = vec![
        (1, "example.jp".into()),
        (2, client_data_hash().into()),
        (5, map(options)),
    ];
    if !allowed.is_empty() {
        let descriptors: Vec<Value> = allowed
            .iter()
            .map(|id| map(&[("id", (*id).into()), ("type", "public-key".into())]))
            .collect();
        parameters.insert(2, (3, descriptors.into()));
    }
    request(0x02, parameters)
}
