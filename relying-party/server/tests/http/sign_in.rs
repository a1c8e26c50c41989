//! Signing in: by account name or without, and without telling who has an account.

use serde_json::{Value, json};

use crate::{
    authenticator::{BE, Ceremony, UP, base64url, get},
    ceremonies::register,
    world::{OPEN, World},
};

fn allowed(options: &Value) -> Vec<Value> {
    options["publicKey"]["allowCredentials"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn an_account_name_brings_its_credentials() {
    let world = World::new();
    let passkey = register(&mut world.browser(), "Taro", "p01");
    let mut browser = world.browser();
    let options = browser.start_sign_in(Some("ｔａｒｏ")).ok().json();
    assert_eq!(allowed(&options)[0]["id"], base64url(&passkey.id));
    // A credential on another computer has no account name to tell, so there may be no user handle.
    let ceremony = Ceremony {
        user_handle: Some(None),
        ..Ceremony::default()
    };
    browser
        .finish_sign_in(&get(&options, &passkey, &ceremony))
        .ok();
    assert_eq!(
        browser.get("/api/account").ok().json()["account_name"],
        "Taro"
    );
}

#[test]
fn whether_an_account_exists_cannot_be_told_from_the_options() {
    let world = World::new();
    let shape = |options: &Value| {
        let mut options = options.clone();
        let list = options["publicKey"]["allowCredentials"]
            .as_array_mut()
            .unwrap();
        for each in list {
            let id = each["id"].as_str().unwrap().to_owned();
            // Length and version byte.
            each["id"] = json!([id.len(), &id[..1]]);
        }
        options["publicKey"]["challenge"] = Value::Null;
        options
    };
    let ask = |name| world.browser().start_sign_in(Some(name)).ok().json();
    // Even before anybody has an account.
    let empty = shape(&ask("nobody"));
    register(&mut world.browser(), "taro", "p01");
    let (real, decoy) = (ask("taro"), ask("nobody"));
    assert_eq!(shape(&real), shape(&decoy));
    assert_eq!(shape(&real), empty);
    // Names that cannot exist are no exception.
    assert_eq!(shape(&ask("a\u{202e}b")), shape(&real));

    // The same each time, another for each name, and not the same in another installation.
    assert_eq!(allowed(&decoy), allowed(&ask("NOBODY")));
    assert_ne!(allowed(&decoy), allowed(&ask("nobody else")));
    let other = World::new();
    let elsewhere = other.browser().start_sign_in(Some("nobody")).ok().json();
    assert_ne!(allowed(&decoy), allowed(&elsewhere));
}

#[test]
fn unknown_credentials_and_wrong_signatures_are_refused_alike() {
    let world = World::new();
    let passkey = register(&mut world.browser(), "taro", "p01");
    let stranger = register(&mut World::new().browser(), "jiro", "p02");

    let attempt = |name: Option<&str>, alter: &dyn Fn(&Value) -> Value| {
        let mut browser = world.browser();
        let options = browser.start_sign_in(name).ok().json();
        let answer = browser.finish_sign_in(&alter(&options));
        assert_eq!(answer.status, 401);
        assert_eq!(browser.get("/api/account").status, 401);
        answer.body
    };
    let usual = Ceremony::default();
    let unknown = attempt(None, &|options| get(options, &stranger, &usual));
    let forged = attempt(None, &|options| {
        let mut credential = get(options, &stranger, &usual);
        credential["id"] = json!(base64url(&passkey.id));
        credential["rawId"] = json!(base64url(&passkey.id));
        credential["response"]["userHandle"] = json!(base64url(&passkey.user_handle));
        credential
    });
    let decoy = attempt(Some("nobody"), &|options| get(options, &passkey, &usual));
    let no_handle = attempt(None, &|options| {
        let ceremony = Ceremony {
            user_handle: Some(None),
            ..Ceremony::default()
        };
        get(options, &passkey, &ceremony)
    });
    let other_handle = attempt(None, &|options| {
        let ceremony = Ceremony {
            user_handle: Some(Some(stranger.user_handle.clone())),
            ..Ceremony::default()
        };
        get(options, &passkey, &ceremony)
    });
    assert!(unknown.contains("sign-in-failed"));
    for other in [forged, decoy, no_handle, other_handle] {
        assert_eq!(unknown, other);
    }
}

#[test]
fn somebody_elses_credential_does_not_open_the_named_account() {
    let world = World::new();
    register(&mut world.browser(), "taro", "p01");
    let jiro = register(&mut world.browser(), "jiro", "p02");
    let mut browser = world.browser();
    let options = browser.start_sign_in(Some("taro")).ok().json();
    let assertion = get(&options, &jiro, &Ceremony::default());
    assert_eq!(
        browser.finish_sign_in(&assertion).refusal(),
        "sign-in-failed"
    );
}

#[test]
fn an_assertion_for_another_site_is_refused() {
    let world = World::new();
    let passkey = register(&mut world.browser(), "taro", "p01");
    let refused = |ceremony: Ceremony| {
        let mut browser = world.browser();
        let options = browser.start_sign_in(None).ok().json();
        browser
            .finish_sign_in(&get(&options, &passkey, &ceremony))
            .refusal()
    };
    let usual = Ceremony::default;
    assert_eq!(
        refused(Ceremony {
            origin: "https://evil.example".to_owned(),
            ..usual()
        }),
        "other-origin"
    );
    assert_eq!(
        refused(Ceremony {
            cross_origin: true,
            ..usual()
        }),
        "other-origin"
    );
    assert_eq!(
        refused(Ceremony {
            rp_id: "evil.example".to_owned(),
            ..usual()
        }),
        "other-rp-id"
    );
    assert_eq!(
        refused(Ceremony {
            flags: UP | BE,
            ..usual()
        }),
        "user-not-verified"
    );
    assert_eq!(
        refused(Ceremony {
            kind: Some("webauthn.create"),
            ..usual()
        }),
        "sign-in-failed"
    );
}

#[test]
fn a_counter_that_does_not_advance_shows_a_copied_credential() {
    let world = World::with(OPEN);
    let passkey = register(&mut world.browser(), "taro", "p01");
    let attempt = |counter| {
        let mut browser = world.browser();
        let options = browser.start_sign_in(None).ok().json();
        let ceremony = Ceremony {
            counter,
            ..Ceremony::default()
        };
        browser
            .finish_sign_in(&get(&options, &passkey, &ceremony))
            .status
    };
    assert_eq!(attempt(5), 200);
    assert_eq!(attempt(5), 401);
    assert_eq!(attempt(4), 401);
    assert_eq!(attempt(6), 200);
}
