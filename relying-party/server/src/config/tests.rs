use super::*;

fn write(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

const SMALL: &str = r#"
origin = "http://localhost:8080"
rp-id = "localhost"
rp-name = "Practice"
database = "rp.sqlite3"
key-file = "rp.key"
"#;

fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn the_shipped_example_is_valid_and_names_every_setting() {
    let text = include_str!("../../config.example.toml");
    let (folder, file) = write(text);
    let config = Config::load(Some(&file), []).unwrap();
    assert!(config.database.starts_with(folder.path()));
    for setting in settings() {
        let key = setting.key.rsplit('.').next().unwrap();
        assert!(text.contains(key), "{key} is missing from the example");
    }
}

#[test]
fn what_is_not_set_has_the_cautious_default() {
    let (_folder, file) = write(SMALL);
    let config = Config::load(Some(&file), []).unwrap();
    assert!(config.attestation.require);
    assert!(!config.attestation.accept_unchecked);
    assert_eq!(config.attestation.profiles, ["jpki"]);
    assert!(config.listen.ip().is_loopback());
}

#[test]
fn an_unknown_key_is_refused_and_named() {
    let (_folder, file) = write(&format!("{SMALL}\nattestation.requrie = false\n"));
    let refused = Config::load(Some(&file), []).unwrap_err();
    assert!(refused.to_string().contains("requrie"), "{refused}");
}

#[test]
fn an_unknown_variable_is_refused_and_named() {
    let (_folder, file) = write(SMALL);
    let refused = Config::load(Some(&file), variables(&[("JPKI_RP_ORIGN", "x")])).unwrap_err();
    assert!(refused.to_string().contains("JPKI_RP_ORIGN"));
}

#[test]
fn the_environment_alone_is_enough_and_wins_over_the_file() {
    let alone = variables(&[
        ("PATH", "/bin"),
        ("JPKI_RP_ORIGIN", "https://id.example.jp"),
        ("JPKI_RP_RP_ID", "example.jp"),
        ("JPKI_RP_RP_NAME", "Example"),
        ("JPKI_RP_DATABASE", "/var/lib/rp.sqlite3"),
        ("JPKI_RP_KEY_FILE", "/etc/rp.key"),
        ("JPKI_RP_ATTESTATION_REQUIRE", "false"),
        ("JPKI_RP_ATTESTATION_PROFILES", "jpki, lab"),
        ("JPKI_RP_ATTESTATION_ANCHORS", "lab=/a.cer,lab=/b.cer"),
        ("JPKI_RP_LIMITS_CHALLENGE_SECONDS", "60"),
    ]);
    let config = Config::load(None, alone.clone()).unwrap();
    assert_eq!(config.attestation.profiles, ["jpki", "lab"]);
    assert_eq!(config.attestation.anchors.len(), 2);
    assert!(!config.attestation.require);
    assert_eq!(config.limits.challenge_seconds, 60);

    let (_folder, file) = write(SMALL);
    let config = Config::load(Some(&file), alone).unwrap();
    assert_eq!(config.origin.as_str(), "https://id.example.jp/");
}

/// Who had forgotten --config was told to compare a file that was never given.
#[test]
fn without_a_file_the_remedy_is_to_give_one() {
    for environment in [vec![], variables(&[("JPKI_RP_RP_ID", "localhost")])] {
        let refused = Config::load(None, environment).unwrap_err();
        assert!(matches!(refused, ConfigProblem::NoFile(_)), "{refused:?}");
        assert!(refused.to_string().contains("`origin`"), "{refused}");
    }
}

#[test]
fn a_variable_of_the_wrong_shape_is_refused_without_repeating_its_value() {
    let (_folder, file) = write(SMALL);
    let refused = Config::load(
        Some(&file),
        variables(&[("JPKI_RP_ATTESTATION_REQUIRE", "secret-value")]),
    )
    .unwrap_err()
    .to_string();
    assert!(refused.contains("true or false"));
    assert!(!refused.contains("secret-value"));
}

/// The file was blamed for it.
#[test]
fn a_variable_of_the_wrong_shape_is_named_and_the_file_is_not_blamed() {
    let (_folder, file) = write(SMALL);
    for (variable, value) in [
        ("JPKI_RP_LISTEN", "8080"),
        ("JPKI_RP_ORIGIN", "id.example.jp"),
        ("JPKI_RP_HELP_URL", "help"),
        ("JPKI_RP_LOG", "verbose"),
        ("JPKI_RP_ATTESTATION_CONVEYANCE", "always"),
        ("JPKI_RP_LIMITS_CONNECTIONS", "-1"),
        ("JPKI_RP_LIMITS_CONNECTIONS", "4294967296"),
        ("JPKI_RP_ATTESTATION_ANCHORS", "a.cer"),
    ] {
        let refused = Config::load(Some(&file), variables(&[(variable, value)])).unwrap_err();
        let told = refused.to_string();
        assert!(told.contains(variable), "{told}");
        assert!(!told.contains("config.toml"), "{told}");
        assert_eq!(refused.action(), "Correct or unset it.");
    }
}

#[test]
fn settings_that_would_open_or_close_the_door_by_mistake_are_refused() {
    for (line, part) in [
        ("origin = \"http://id.example.jp\"", "not https"),
        ("origin = \"https://localhost/path\"", "not an origin"),
        ("rp-id = \"example.org\"", "does not belong"),
        ("rp-id = \"host\"", "does not belong"),
        ("rp-name = \" \"", "empty"),
        (
            "help-url = \"javascript:alert(1)\"",
            "neither https nor http",
        ),
        ("attestation = { profiles = [] }", "nobody could register"),
        (
            "attestation = { conveyance = \"none\" }",
            "nobody would send one",
        ),
        (
            "attestation = { require = false }\ncredentials = { order = \"card-only\" }",
            "no key is known to be a card's",
        ),
        ("limits = { challenge-seconds = 0 }", "is 0"),
    ] {
        let key = line.split(' ').next().unwrap();
        let mut text: String = SMALL
            .lines()
            .filter(|other| !other.starts_with(key))
            .map(|other| format!("{other}\n"))
            .collect();
        text.push_str(line);
        let (_folder, file) = write(&text);
        let refused = Config::load(Some(&file), []).unwrap_err();
        assert!(refused.to_string().contains(part), "{line}: {refused}");
        assert!(!refused.action().is_empty());
    }
}
