//! Registrations as a browser hands them over, made with the practice hierarchy.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file includes this and uses a part of it"
)]

use aws_lc_rs::digest::{SHA256, digest};
use ciborium::Value;
use eid_attestation::{
    EncodingFault, ObjectIdentifier, Profile, Profiles, Refused, UnixTime, Verdict, verify,
};
use jpki_lab::pki::{Ca, Credential, LeafTemplate, Pki};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};

pub const CLIENT_DATA: &[u8] =
    br#"{"type":"webauthn.create","challenge":"AAAA","origin":"https://example.jp"}"#;

pub fn pki() -> &'static Pki {
    jpki_lab::pki::shared().unwrap()
}

/// The first of June of the year for which the practice hierarchy was made.
pub fn now() -> UnixTime {
    time(jpki_lab::pki::instant(pki().year, 6, 1, (3, 0, 0)))
}

pub fn time(seconds: i64) -> UnixTime {
    UnixTime::from_secs(seconds.try_into().unwrap())
}

/// The practice profile with the anchors of all three generations.
pub fn lab() -> Profile {
    let mut profile = Profile::builtin("lab").unwrap();
    for (ca, generation) in pki().authentication_cas.iter().zip(1..) {
        let label = format!("generation {generation}");
        profile.add_anchor(&label, ca.certificate()).unwrap();
    }
    profile
}

pub fn only(profile: Profile) -> Profiles {
    let mut profiles = Profiles::new();
    profiles.insert(profile).unwrap();
    profiles
}

pub fn ca(generation: usize) -> &'static Ca {
    pki().authentication_ca(generation).unwrap()
}

pub fn person(id: &str) -> &'static Credential {
    &pki().person(id).unwrap().authentication
}

/// A faithful certificate to be, valid from the year before [`now`] to the year after.
pub fn template() -> LeafTemplate {
    let year = pki().year;
    LeafTemplate {
        not_before: jpki_lab::pki::instant(year - 1, 6, 1, (3, 0, 0)),
        not_after: jpki_lab::pki::end_of_day_in_japan(year + 1, 6, 1),
        ..LeafTemplate::authentication()
    }
}

/// Flags of authenticator data.
pub mod flag {
    pub const UP: u8 = 0x01;
    pub const UV: u8 = 0x04;
    pub const BE: u8 = 0x08;
    pub const BS: u8 = 0x10;
    pub const AT: u8 = 0x40;
    pub const ED: u8 = 0x80;
}

/// A canonical ES256 COSE key.
pub fn cose_key() -> Vec<u8> {
    [
        &b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..],
        &[0x11; 32],
        b"\x22\x58\x20",
        &[0x22; 32],
    ]
    .concat()
}

pub fn auth_data_with(flags: u8, credential_id: &[u8], after: &[u8]) -> Vec<u8> {
    [
        digest(&SHA256, b"example.jp").as_ref(),
        &[flags, 0, 0, 0, 0],
        &[0xaa; 16],
        &u16::try_from(credential_id.len()).unwrap().to_be_bytes(),
        credential_id,
        after,
    ]
    .concat()
}

pub fn auth_data() -> Vec<u8> {
    let flags = flag::UP | flag::UV | flag::BE | flag::AT;
    auth_data_with(flags, &[7; 32], &cose_key())
}

pub fn hash(client_data: &[u8]) -> [u8; 32] {
    digest(&SHA256, client_data).as_ref().try_into().unwrap()
}

pub fn sign(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    let digest = digest(&SHA256, message);
    key.sign(Pkcs1v15Sign::new::<sha2::Sha256>(), digest.as_ref())
        .unwrap()
}

/// A registration, every part open to change.
#[derive(Clone)]
pub struct Registration {
    pub fmt: String,
    pub alg: i64,
    pub sig: Vec<u8>,
    pub x5c: Vec<Vec<u8>>,
    pub auth_data: Vec<u8>,
    pub client_data: Vec<u8>,
}

impl Registration {
    /// Signed by `key` over the usual authenticator data and client data.
    pub fn signed(certificate: &[u8], key: &RsaPrivateKey) -> Self {
        Self::signed_over(auth_data(), certificate, key)
    }

    pub fn signed_over(auth_data: Vec<u8>, certificate: &[u8], key: &RsaPrivateKey) -> Self {
        let message = [&auth_data[..], &hash(CLIENT_DATA)].concat();
        Registration {
            fmt: "eid-x509".to_owned(),
            alg: -257,
            sig: sign(key, &message),
            x5c: vec![certificate.to_vec()],
            auth_data,
            client_data: CLIENT_DATA.to_vec(),
        }
    }

    /// By a person of the practice hierarchy.
    pub fn by(credential: &Credential) -> Self {
        Self::signed(&credential.certificate, &credential.key)
    }

    /// With a certificate that CA 3 makes for p01's key from `template`, and p01's faultless signature.
    pub fn with(template: &LeafTemplate) -> Self {
        let key = &person("p01").key;
        Self::signed(&ca(3).issue(template, key).unwrap(), key)
    }

    pub fn statement(&self) -> Value {
        let certificates = self.x5c.iter().cloned().map(Value::Bytes);
        map([
            ("alg", self.alg.into()),
            ("sig", Value::Bytes(self.sig.clone())),
            ("x5c", Value::Array(certificates.collect())),
        ])
    }

    pub fn object(&self) -> Vec<u8> {
        cbor(&map([
            ("fmt", self.fmt.clone().into()),
            ("attStmt", self.statement()),
            ("authData", Value::Bytes(self.auth_data.clone())),
        ]))
    }

    pub fn verify(&self) -> Result<Verdict, Refused> {
        self.verify_under(&only(lab()), now())
    }

    pub fn verify_at(&self, at: UnixTime) -> Result<Verdict, Refused> {
        self.verify_under(&only(lab()), at)
    }

    pub fn verify_under(&self, profiles: &Profiles, at: UnixTime) -> Result<Verdict, Refused> {
        verify(&self.object(), &hash(&self.client_data), profiles, None, at)
    }
}

pub fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    let pairs = members.map(|(key, value)| (Value::Text(key.to_owned()), value));
    Value::Map(pairs.to_vec())
}

/// In the order given; definite lengths and shortest forms.
pub fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// DER: a tag and contents.
pub fn der(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let length = contents.len();
    let head = match length {
        ..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, contents].concat()
}

/// Why p01 is refused with a certificate whose template was changed.
pub fn refused(change: impl FnOnce(&mut LeafTemplate)) -> Refused {
    let mut template = template();
    change(&mut template);
    Registration::with(&template).verify().unwrap_err()
}

/// As [`refused`], but the change is beyond a template: to the fields of the TBSCertificate, signed anew by the CA.
pub fn refused_fields(change: impl Fn(&mut Vec<Vec<u8>>)) -> Refused {
    let key = &person("p01").key;
    let certificate = ca(3).issue(&template(), key).unwrap();
    let certificate = resigned(ca(3), &certificate, change);
    Registration::signed(&certificate, key)
        .verify()
        .unwrap_err()
}

pub fn fault(refused: Refused) -> EncodingFault {
    match refused {
        Refused::Encoding(fault) => fault,
        other => panic!("{other:?}"),
    }
}

pub fn oid(dotted: &str) -> ObjectIdentifier {
    dotted.parse().unwrap()
}

/// Writes a certificate anew around a changed TBSCertificate, signed by `ca`: for faults that a template cannot have.
pub fn resigned(ca: &Ca, certificate: &[u8], change: impl Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let outer = members(certificate);
    let mut fields = members(&outer[0]);
    change(&mut fields);
    let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    let tbs = der(0x30, &fields);
    let signature = sign(ca.key(), &tbs);
    der(0x30, &[&tbs, &outer[1], &der(0x03, &[&[0], &signature])])
}

/// The members of a constructed DER value.
pub fn members(value: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = contents(value);
    let mut members = Vec::new();
    while !rest.is_empty() {
        let length = rest.len() - after(rest).len();
        members.push(rest[..length].to_vec());
        rest = after(rest);
    }
    members
}

fn head(value: &[u8]) -> (usize, usize) {
    match value[1] {
        0x81 => (3, usize::from(value[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([value[2], value[3]]))),
        length => (2, usize::from(length)),
    }
}

pub fn contents(value: &[u8]) -> &[u8] {
    let (start, length) = head(value);
    &value[start..start + length]
}

fn after(value: &[u8]) -> &[u8] {
    let (start, length) = head(value);
    &value[start + length..]
}
