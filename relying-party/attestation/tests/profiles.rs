//! Who is trusted: built-in profiles, an operator's own, and what never gets in.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::fs;

use aws_lc_rs::digest::{SHA256, digest};
use eid_attestation::{AnchorError, Class, Profile, ProfileError, Profiles, Refused};
use jpki_lab::pki::{Ca, CaTemplate, Name};
use support::*;

const JPKI: &str = include_str!("../profiles/jpki.toml");
const JPKI_TEST: &str = include_str!("../profiles/jpki-test.toml");
const LAB: &str = include_str!("../profiles/lab.toml");

const TEST_ROOTS: [&[u8]; 2] = [
    include_bytes!("../profiles/anchors/jpki-test-authentication-2019.cer"),
    include_bytes!("../profiles/anchors/jpki-test-authentication-2023.cer"),
];
const PRODUCTION_ROOTS: [&[u8]; 3] = [
    include_bytes!("../profiles/anchors/jpki-authentication-1.cer"),
    include_bytes!("../profiles/anchors/jpki-authentication-2.cer"),
    include_bytes!("../profiles/anchors/jpki-authentication-3.cer"),
];

fn builtin(name: &str) -> Profile {
    Profile::builtin(name).unwrap()
}

/// A profile's text with its anchors taken from this crate's folder.
fn from_text(text: &str) -> Result<Profile, ProfileError> {
    Profile::from_toml(text, &|file| {
        fs::read(format!("{}/profiles/{file}", env!("CARGO_MANIFEST_DIR")))
    })
}

#[test]
fn the_built_in_profiles_are_what_they_say() {
    let facts = |name| {
        let profile = builtin(name);
        let labels: Vec<_> = profile
            .anchors()
            .iter()
            .map(|anchor| anchor.label().to_owned())
            .collect();
        (
            profile.class(),
            profile.country().to_owned(),
            labels.join(", "),
        )
    };
    let japan = || "JP".to_owned();
    assert_eq!(
        facts("jpki"),
        (
            Class::Production,
            japan(),
            "generation 1, generation 2, generation 3".to_owned()
        )
    );
    assert_eq!(
        facts("jpki-test"),
        (Class::Test, japan(), "2019, 2023".to_owned())
    );
    assert_eq!(facts("lab"), (Class::Practice, japan(), String::new()));
    assert!(matches!(
        Profile::builtin("estonia"),
        Err(ProfileError::UnknownBuiltin { .. })
    ));
}

#[test]
fn titles_are_in_english_and_japanese() {
    for name in ["jpki", "jpki-test", "lab"] {
        let profile = builtin(name);
        assert!(profile.title("en").is_ascii(), "{name}");
        assert!(!profile.title("ja").is_ascii(), "{name}");
        assert_eq!(profile.title("de"), profile.title("en"));
    }
}

/// The README beside the anchors tells their hashes; J-LIS publishes the certificates.
#[test]
fn the_anchors_are_the_published_ones() {
    let readme = include_str!("../profiles/README.md");
    for der in PRODUCTION_ROOTS.into_iter().chain(TEST_ROOTS) {
        let hash: String = digest(&SHA256, der)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(readme.contains(&hash), "{hash}");
    }
}

// What never gets into the production profile.

#[test]
fn practice_and_test_roots_are_never_production_anchors() {
    let mut production = builtin("jpki");
    let practice = pki().authentication_cas.iter().map(Ca::certificate);
    for root in TEST_ROOTS.into_iter().chain(practice) {
        let refused = production.add_anchor("new generation", root);
        assert_eq!(refused, Err(AnchorError::NotThisIssuer));
    }
    assert_eq!(production.anchors().len(), 3);
}

#[test]
fn nor_the_other_way_round() {
    for root in PRODUCTION_ROOTS {
        for name in ["jpki-test", "lab"] {
            let refused = builtin(name).add_anchor("x", root);
            assert_eq!(refused, Err(AnchorError::NotThisIssuer));
        }
    }
}

#[test]
fn no_file_makes_the_test_or_practice_issuer_a_production_one() {
    for (text, class) in [(JPKI_TEST, "test"), (LAB, "practice")] {
        let class = format!("class = \"{class}\"");
        assert!(text.contains(&class));
        let text = text.replace(&class, "class = \"production\"");
        assert!(matches!(
            from_text(&text),
            Err(ProfileError::Reserved { .. })
        ));
        let text = text.replace("\nname = \"", "\nname = \"my-");
        assert!(matches!(
            from_text(&text),
            Err(ProfileError::Reserved { .. })
        ));
    }
    let production_as_practice = JPKI.replace("\"production\"", "\"practice\"");
    assert!(matches!(
        from_text(&production_as_practice),
        Err(ProfileError::Reserved { .. })
    ));
}

#[test]
fn no_file_gives_the_name_jpki_to_another_issuer() {
    let text = LAB
        .replace("name = \"lab\"", "name = \"jpki\"")
        .replace("\"practice\"", "\"production\"")
        .replace("JPKI-LAB", "ANOTHER");
    assert!(matches!(
        from_text(&text),
        Err(ProfileError::Reserved {
            builtin: "jpki",
            ..
        })
    ));
}

#[test]
fn a_production_profile_cannot_list_a_test_root() {
    let text = JPKI.replace("jpki-authentication-3", "jpki-test-authentication-2023");
    match from_text(&text) {
        Err(ProfileError::Anchor {
            profile,
            anchor,
            cause,
        }) => {
            assert_eq!((&*profile, &*anchor), ("jpki", "generation 3"));
            assert_eq!(cause, AnchorError::NotThisIssuer);
        }
        other => panic!("{other:?}"),
    }
}

/// With every profile in use, each certificate is judged by its own issuer's profile and no other.
#[test]
fn profiles_side_by_side_do_not_vouch_for_each_other() {
    let mut profiles = Profiles::new();
    for profile in [builtin("jpki"), builtin("jpki-test"), lab()] {
        profiles.insert(profile).unwrap();
    }
    let registration = Registration::by(person("p01"));
    let verdict = registration.verify_under(&profiles, now()).unwrap();
    assert_eq!(verdict.profile.class, Class::Practice);

    let mut production_only = Profiles::new();
    production_only.insert(builtin("jpki")).unwrap();
    production_only.insert(builtin("jpki-test")).unwrap();
    assert_eq!(
        registration.verify_under(&production_only, now()),
        Err(Refused::UnknownIssuer)
    );
}

#[test]
fn profiles_do_not_share_a_name_an_issuer_or_a_key() {
    let mut profiles = only(lab());
    assert!(matches!(
        profiles.insert(builtin("lab")),
        Err(ProfileError::Taken { .. })
    ));

    let same_issuer = from_text(&LAB.replace("name = \"lab\"", "name = \"lab-too\"")).unwrap();
    assert!(matches!(
        profiles.insert(same_issuer),
        Err(ProfileError::Taken { .. })
    ));

    // The key of generation 3 under another name.
    let text = LAB
        .replace("name = \"lab\"", "name = \"other\"")
        .replace("JPKI-LAB", "OTHER");
    let mut other = from_text(&text).unwrap();
    let name = Name::japan()
        .organization("OTHER")
        .unit("JPKI for user authentication")
        .unit("Japan Agency for Local Authority Information Systems");
    let template = CaTemplate {
        name,
        ..ca(3).template().clone()
    };
    let same_key = Ca::self_signed(template, ca(3).key().clone()).unwrap();
    other.add_anchor("x", same_key.certificate()).unwrap();
    assert!(matches!(
        profiles.insert(other.clone()),
        Err(ProfileError::Taken { .. })
    ));

    // Nor by adding the anchor afterwards.
    profiles.insert(from_text(&text).unwrap()).unwrap();
    let refused = profiles.add_anchor("other", "x", same_key.certificate());
    assert!(matches!(refused, Err(ProfileError::Taken { .. })));
    assert!(profiles.get("other").unwrap().anchors().is_empty());
    let refused = profiles.add_anchor("nobody", "x", same_key.certificate());
    assert!(matches!(refused, Err(ProfileError::NotInUse { .. })));
}

// Files.

#[test]
fn an_operator_brings_a_whole_profile_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ca.cer"), ca(3).certificate()).unwrap();
    fs::write(folder.path().join("notes.txt"), "not a profile").unwrap();
    let anchors = "[[anchors]]\nlabel = \"the third\"\nfile = \"ca.cer\"\n\n[certificate]";
    let text = LAB
        .replace("name = \"lab\"", "name = \"my-practice\"")
        .replace("[certificate]", anchors);
    fs::write(folder.path().join("my-practice.toml"), text).unwrap();

    let mut profiles = Profiles::new();
    profiles.load_dir(folder.path()).unwrap();
    let verdict = Registration::by(person("p01"))
        .verify_under(&profiles, now())
        .unwrap();
    assert_eq!(verdict.profile.name, "my-practice");
    assert_eq!(verdict.anchor.label, "the third");
}

/// J-LIS could change its policy before this crate does.
#[test]
fn an_operator_can_write_jpki_anew() {
    let text = JPKI.replace("1.3.30\"]", "1.3.30\", \"1.2.392.200149.8.5.1.3.31\"]");
    let profile = from_text(&text).unwrap();
    assert_eq!(profile.name(), "jpki");
    assert_eq!(profile.anchors().len(), 3);
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let message = |text: &str| from_text(text).unwrap_err().to_string();
    let replaced = |from: &str, to: &str| {
        assert!(LAB.contains(from), "{from}");
        message(&LAB.replace(from, to))
    };
    assert!(message("").contains("missing field"), "{}", message(""));
    let typo = replaced("policies-critical", "policies-critcal");
    assert!(typo.contains("unknown field `policies-critcal`"), "{typo}");
    for (from, to, what) in [
        ("format = 1", "format = 2", "format is not 1"),
        ("name = \"lab\"", "name = \"My Lab\"", "lower-case words"),
        (
            "country = \"JP\"",
            "country = \"Japan\"",
            "two capital letters",
        ),
        (
            "country = \"JP\"",
            "country = \"jp\"",
            "two capital letters",
        ),
        (
            "country = \"JP\"",
            "country = \"JPN\"",
            "two capital letters",
        ),
        ("en = \"Practice", "xx = \"Practice", "no text in English"),
        ("value = \"JP\"", "value = \"日本\"", "cannot be encoded"),
        (
            "attribute = \"OU\"",
            "attribute = \"unit\"",
            "cannot be encoded",
        ),
        ("1.3.6.1.4.1.32473.8", "authentication", "object identifier"),
        (
            "[\"digitalSignature\"]",
            "[\"nonRepudiation\"]",
            "lacks digitalSignature",
        ),
        (
            "[\"digitalSignature\"]",
            "[\"digitalSignature\", \"keyCertSign\"]",
            "certification authority",
        ),
        (
            "[\"digitalSignature\"]",
            "[\"digitalSignature\", \"cRLSign\"]",
            "certification authority",
        ),
        ("bits = 2048", "bits = 1024", "too weak"),
        ("exponent = 65537", "exponent = 3", "too weak"),
        ("exponent = 65537", "exponent = 65538", "too weak"),
        ("\"RS256\"", "\"RS512\"", "unknown variant `RS512`"),
        (
            "sha256WithRSAEncryption",
            "sha1WithRSAEncryption",
            "unknown variant `sha1WithRSAEncryption`",
        ),
    ] {
        let message = replaced(from, to);
        assert!(message.contains(what), "{message}");
    }
    let missing = JPKI.replace("jpki-authentication-3", "jpki-authentication-4");
    assert!(message(&missing).contains("anchors/jpki-authentication-4.cer"));
    assert!(matches!(
        Profile::from_file("/nonexistent/profile.toml".as_ref()),
        Err(ProfileError::Read { .. })
    ));
}
