//! The test vectors (`tests/vectors`), judged through the public API: every registration, accepted or refused for the very
//! reason that its file names.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use eid_attestation::{
    Class, CredentialKey, Profile, Profiles, Refused, Revocation, RevocationOutcome,
    RevocationQuery, RevocationReason, RevocationStatus, UnixTime, Verdict, explain_registration,
    verify,
};
use serde::Deserialize;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

/// Every file of a folder.
fn read<T: for<'de> Deserialize<'de>>(folder: &str) -> Vec<(String, T)> {
    let entries = std::fs::read_dir(vectors().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no files in {folder}");
    files
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(path).unwrap();
            let content = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (name, content)
        })
        .collect()
}

fn hex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

#[derive(Deserialize)]
struct Registration {
    format: u32,
    name: String,
    about: String,
    kind: String,
    at: u64,
    profiles: Vec<String>,
    revocation: Option<serde_json::Value>,
    client_data_json: String,
    client_data_hash: String,
    attestation_object: String,
    attestation: Option<Attestation>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Attestation {
    auth_data: String,
    signed: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expected {
    Accepted(Accepted),
    Refused(Refusal),
}

#[derive(Deserialize)]
struct Accepted {
    credential_key: String,
    profile: String,
    class: Class,
    country: String,
    anchor: String,
    holder: Holder,
    revocation: String,
    none_attestation_object: String,
}

#[derive(Deserialize)]
struct Holder {
    key_hash: String,
    issuer_key_hash: String,
    serial: String,
    distribution_points: Option<String>,
    not_before: u64,
    not_after: u64,
}

#[derive(Deserialize)]
#[serde(tag = "by")]
enum Refusal {
    #[serde(rename = "eid-x509")]
    Attestation {
        rule: String,
        code: String,
        fault: Option<String>,
    },
    #[serde(rename = "webauthn")]
    WebAuthn {},
}

/// The revocation source of a vector.
struct Answer(RevocationStatus);

impl Revocation for Answer {
    fn status(&self, _: &RevocationQuery<'_>) -> RevocationStatus {
        self.0
    }
}

fn answer(json: &serde_json::Value) -> Answer {
    let seconds = |value: &serde_json::Value| UnixTime::from_secs(value.as_u64().unwrap());
    Answer(if json == "unknown" {
        RevocationStatus::Unknown
    } else if let Some(good) = json.get("good") {
        RevocationStatus::Good {
            as_of: seconds(&good["as_of"]),
            until: seconds(&good["until"]),
        }
    } else {
        let revoked = &json["revoked"];
        let reason = [
            RevocationReason::CertificateHold,
            RevocationReason::Superseded,
            RevocationReason::AffiliationChanged,
            RevocationReason::KeyCompromise,
        ]
        .into_iter()
        .find(|reason| revoked["reason"] == reason.to_string());
        RevocationStatus::Revoked {
            reason: reason.unwrap(),
            when: seconds(&revoked["since"]),
        }
    })
}

fn profile(name: &str) -> Profile {
    match name {
        "jpki" => Profile::builtin(name).unwrap(),
        _ => Profile::from_file(&vectors().join(format!("profiles/{name}.toml"))).unwrap(),
    }
}

impl Registration {
    fn judge(&self) -> Result<Verdict, Refused> {
        let mut profiles = Profiles::new();
        for name in &self.profiles {
            profiles.insert(profile(name)).unwrap();
        }
        let object = hex(&self.attestation_object);
        let hash = hex(&self.client_data_hash).try_into().unwrap();
        let source = self.revocation.as_ref().map(answer);
        let source = source.as_ref().map(|answer| answer as &dyn Revocation);
        let at = UnixTime::from_secs(self.at);
        let judged = verify(&object, &hash, &profiles, source, at);
        let explained = explain_registration(&object, &hash, &profiles, source, at);
        assert_eq!(
            explained.refused(),
            judged.as_ref().err(),
            "{}: the two entry points disagree",
            self.name
        );
        judged
    }

    fn check_form(&self, file: &str) {
        assert_eq!(self.format, 1, "{file}");
        assert_eq!(self.name, file);
        assert!(!self.about.is_empty(), "{file}");
        let hash = digest(&SHA256, self.client_data_json.as_bytes());
        assert_eq!(hex(&self.client_data_hash), hash.as_ref(), "{file}");
        if let Some(attestation) = &self.attestation {
            let signed = format!("{}{}", attestation.auth_data, self.client_data_hash);
            assert_eq!(attestation.signed, signed, "{file}");
        }
    }
}

#[test]
fn every_registration_to_accept_is_accepted() {
    for (file, vector) in read::<Registration>("registrations/accepted") {
        vector.check_form(&file);
        let Expected::Accepted(expected) = &vector.expected else {
            panic!("{file} expects a refusal")
        };
        let verdict = match vector.judge() {
            Ok(verdict) => verdict,
            Err(refused) => panic!("{file}: {refused}"),
        };
        assert_eq!(verdict.profile.name, expected.profile, "{file}");
        assert_eq!(verdict.profile.class, expected.class, "{file}");
        assert_eq!(verdict.profile.country, expected.country, "{file}");
        assert_eq!(verdict.anchor.label, expected.anchor, "{file}");
        let credential_key = match verdict.credential_key {
            CredentialKey::Certificate => "certificate",
            CredentialKey::Other => "other",
        };
        assert_eq!(credential_key, expected.credential_key, "{file}");
        let of_kind = match vector.kind.as_str() {
            "card" => "certificate",
            _ => "other",
        };
        assert_eq!(credential_key, of_kind, "{file}");
        let revocation = match verdict.revocation {
            RevocationOutcome::NotChecked => "not_checked",
            RevocationOutcome::Good { .. } => "good",
        };
        assert_eq!(revocation, expected.revocation, "{file}");
        assert_eq!(
            hex::encode(verdict.none_rewrap()),
            expected.none_attestation_object,
            "{file}"
        );
        let attestation = vector.attestation.unwrap();
        assert_eq!(hex::encode(&verdict.auth_data), attestation.auth_data);

        let holder = &verdict.holder;
        let found = Holder {
            key_hash: hex::encode(holder.key_hash.as_bytes()),
            issuer_key_hash: hex::encode(holder.issuer_key_hash.as_bytes()),
            serial: hex::encode(holder.serial.as_bytes()),
            distribution_points: holder
                .distribution_points
                .as_ref()
                .map(|points| hex::encode(points.as_der())),
            not_before: holder.not_before.as_secs(),
            not_after: holder.not_after.as_secs(),
        };
        assert_eq!(found.key_hash, expected.holder.key_hash, "{file}");
        assert_eq!(found.issuer_key_hash, expected.holder.issuer_key_hash);
        assert_eq!(found.serial, expected.holder.serial, "{file}");
        assert_eq!(
            found.distribution_points, expected.holder.distribution_points,
            "{file}"
        );
        assert_eq!(found.not_before, expected.holder.not_before, "{file}");
        assert_eq!(found.not_after, expected.holder.not_after, "{file}");
    }
}

#[test]
fn every_registration_to_refuse_is_refused_for_its_reason() {
    let mut wrong = Vec::new();
    for (file, vector) in read::<Registration>("registrations/refused") {
        vector.check_form(&file);
        let Expected::Refused(expected) = &vector.expected else {
            panic!("{file} expects a verdict")
        };
        match (expected, vector.judge()) {
            (Refusal::Attestation { rule, code, fault }, Err(refused)) => {
                let for_this = refused.rule().name() == rule
                    && refused.code() == code
                    && fault
                        .as_ref()
                        .is_none_or(|fault| refused.to_string().ends_with(fault));
                if !for_this {
                    wrong.push(format!(
                        "{file}: expected {rule}, {code}, {fault:?}; refused for {}: {refused}",
                        refused.rule()
                    ));
                }
            }
            // WebAuthn's own checks are the WebAuthn library's business.
            (Refusal::WebAuthn {}, Ok(_)) => {}
            (_, Ok(_)) => wrong.push(format!("{file}: accepted")),
            (Refusal::WebAuthn {}, Err(refused)) => wrong.push(format!("{file}: {refused}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Deserialize)]
struct RuleEntry {
    rule: String,
    codes: Vec<String>,
}

fn rules() -> Vec<RuleEntry> {
    let text = std::fs::read_to_string(vectors().join("rules.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_rules_are_checked_in_the_order_of_the_list() {
    let listed: Vec<String> = rules().into_iter().map(|entry| entry.rule).collect();
    for (file, vector) in read::<Registration>("registrations/accepted") {
        let outcomes = vector.judge().unwrap().outcomes;
        let checked: Vec<&str> = outcomes.iter().map(|each| each.rule.name()).collect();
        assert_eq!(checked, listed, "{file}");
    }
}

/// Every code of the list has a vector that is refused with it, and no vector has another one.
#[test]
fn every_code_has_a_vector() {
    let listed: BTreeSet<(String, String)> = rules()
        .into_iter()
        .flat_map(|entry| {
            let rule = entry.rule;
            entry
                .codes
                .into_iter()
                .map(move |code| (rule.clone(), code))
        })
        .collect();
    let found: BTreeSet<(String, String)> = read::<Registration>("registrations/refused")
        .into_iter()
        .filter_map(|(_, vector)| match vector.expected {
            Expected::Refused(Refusal::Attestation { rule, code, .. }) => Some((rule, code)),
            _ => None,
        })
        .collect();
    assert_eq!(found, listed);
}

/// The practice profile of the vectors is the one that comes with this crate, plus its anchors.
#[test]
fn the_lab_profile_is_the_built_in_one() {
    let parsed = |path: PathBuf| -> toml::Table {
        let text = std::fs::read_to_string(path).unwrap();
        text.parse().unwrap()
    };
    let mut of_the_vectors = parsed(vectors().join("profiles/lab.toml"));
    assert!(of_the_vectors.remove("anchors").is_some());
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/lab.toml");
    assert_eq!(of_the_vectors, parsed(built_in));
}

#[derive(Deserialize)]
struct Assertion {
    format: u32,
    name: String,
    kind: String,
    client_data_json: String,
    client_data_hash: String,
    authenticator_data: String,
    signed: String,
    signature: String,
    public_key_cose: String,
    expected: serde_json::Value,
}

impl Assertion {
    /// Whether the credential's key made the signature.
    fn signature_verifies(&self) -> bool {
        let cose = hex(&self.public_key_cose);
        let (message, signature) = (hex(&self.signed), hex(&self.signature));
        if self.kind == "pairwise" {
            // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
            let point = [&[0x04], &cose[10..42], &cose[45..77]].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
                .verify(&message, &signature)
                .is_ok()
        } else {
            // {1: 3, 3: -257, -1: n, -2: e}
            let key = RsaPublicKeyComponents {
                n: &cose[11..267],
                e: &cose[269..272],
            };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, &message, &signature)
                .is_ok()
        }
    }
}

/// This crate judges registrations only; of the sign-ins, the form and the signatures. The relying party's own tests judge the
/// rest.
#[test]
fn the_signatures_of_sign_ins_are_what_their_files_say() {
    let accepted = read::<Assertion>("assertions/accepted");
    let refused = read::<Assertion>("assertions/refused");
    for (file, vector) in accepted.iter().chain(&refused) {
        assert_eq!((vector.format, &vector.name), (1, file));
        let hash = digest(&SHA256, vector.client_data_json.as_bytes());
        assert_eq!(hex(&vector.client_data_hash), hash.as_ref(), "{file}");
        let signed = format!("{}{}", vector.authenticator_data, vector.client_data_hash);
        assert_eq!(vector.signed, signed, "{file}");
        let check = vector.expected.pointer("/refused/check");
        let meaningless =
            check.is_some_and(|check| check == "signature") || file.ends_with("silent_probe");
        assert_eq!(vector.signature_verifies(), !meaningless, "{file}");
    }
}
