//! What an operator does from the command line, beside the running server.

use std::process::Output;

use serde_json::json;

use crate::{
    authenticator::{Attest, Ceremony, create},
    browser::Browser,
    ceremonies::{made, register, sign_in},
    linking::{code, start},
    program::{folder, run, serve, text},
    world::person,
};

/// The IDs in the lines of `people show` that begin with `part`.
fn ids(shown: &Output, part: &str) -> Vec<String> {
    text(&shown.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix(part)?.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn somebody_who_lost_every_computer_gets_a_code_from_the_operator() {
    let (_folder, config) = folder("");
    let mut served = serve(&config);
    let config = config.to_str().unwrap();
    register(&mut served.browser, "Taro", "p01");

    let told = run(&["people", "link-code", "ｔａｒｏ", "--config", config]);
    assert!(told.status.success(), "{told:?}");
    let told = text(&told.stdout);
    let code = told.lines().next().unwrap();
    assert!(told.contains("10 minutes and one use, for the account \"Taro\""));

    let mut browser = served.new_browser();
    let options = start(&mut browser, code).ok().json();
    let made = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    browser.finish_registration(&made.json()).ok();
    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["account_name"], "Taro");
    assert!(!served.stop().contains(code), "codes are not logged");
}

#[test]
fn a_credential_is_removed_and_its_sessions_end() {
    let (_folder, config) = folder("");
    let mut served = serve(&config);
    let config = config.to_str().unwrap();
    let first = register(&mut served.browser, "taro", "p01");
    let second = made(&mut served.browser, "taro", &Attest::Eid(person("p01")));
    served.browser.finish_registration(&second.json()).ok();

    let shown = run(&["people", "show", "taro", "--config", config]);
    assert!(shown.status.success(), "{shown:?}");
    assert!(text(&shown.stdout).contains("account \"taro\", opened "));
    assert!(text(&shown.stdout).contains("lab (practice, JP), ca, valid until "));
    let credentials = ids(&shown, "credential ");
    assert_eq!(credentials.len(), 2);

    for id in &credentials {
        let removed = run(&["credentials", "remove", id, "--config", config]);
        assert!(removed.status.success(), "{removed:?}");
        let again = run(&["credentials", "remove", id, "--config", config]);
        assert_eq!(again.status.code(), Some(1));
        assert!(text(&again.stderr).contains("what to do: Take the ID from"));
    }
    assert_eq!(
        served.browser.get("/api/account").refusal(),
        "not-signed-in"
    );
    let mut browser = served.new_browser();
    let options = browser.start_sign_in(None).ok().json();
    let assertion = crate::authenticator::get(&options, &first, &Ceremony::default());
    assert_eq!(
        browser.finish_sign_in(&assertion).refusal(),
        "sign-in-failed"
    );
    served.stop();
}

#[test]
fn what_is_no_id_is_told_where_ids_are() {
    for arguments in [
        ["credentials", "remove", "abc"],
        ["certificates", "unlink", "abc"],
    ] {
        let refused = run(&arguments);
        assert_eq!(refused.status.code(), Some(2));
        let said = text(&refused.stderr);
        assert!(
            said.contains("'abc' for '<ID>': not an ID: `people show NAME` lists them"),
            "{said}"
        );
    }
}

/// An empty list would tell that there is such an account.
#[test]
fn an_account_without_credentials_looks_like_no_account() {
    let (_folder, config) = folder("");
    let mut served = serve(&config);
    let config = config.to_str().unwrap();
    register(&mut served.browser, "taro", "p01");
    let shown = run(&["people", "show", "taro", "--config", config]);
    let id = &ids(&shown, "credential ")[0];
    let removed = run(&["credentials", "remove", id, "--config", config]);
    assert!(removed.status.success(), "{removed:?}");
    let listed = |browser: &mut Browser, name| {
        let options = browser.start_sign_in(Some(name)).ok().json();
        let list = options["publicKey"]["allowCredentials"].as_array().cloned();
        list.unwrap().len()
    };
    assert_eq!(listed(&mut served.new_browser(), "nobody"), 1);
    assert_eq!(listed(&mut served.new_browser(), "taro"), 1);
    served.stop();
}

#[test]
fn an_unlinked_certificate_goes_with_its_credentials_and_may_register_anew() {
    let (_folder, config) = folder("");
    let mut served = serve(&config);
    let config = config.to_str().unwrap();
    register(&mut served.browser, "taro", "p01");
    let shown = run(&["people", "show", "taro", "--config", config]);
    let certificates = ids(&shown, "certificate ");
    assert_eq!(certificates.len(), 1);
    let unlinked = run(&[
        "certificates",
        "unlink",
        &certificates[0],
        "--config",
        config,
    ]);
    assert!(unlinked.status.success(), "{unlinked:?}");
    assert!(text(&unlinked.stdout).contains("credentials removed with it: 1"));
    let again = run(&[
        "certificates",
        "unlink",
        &certificates[0],
        "--config",
        config,
    ]);
    assert_eq!(again.status.code(), Some(1));
    let mut browser = served.new_browser();
    let passkey = register(&mut browser, "jiro", "p01");
    sign_in(&mut browser, &passkey);
    served.stop();
}

/// Whoever signed in with a stolen card could keep a code, and come back with a card of their own.
#[test]
fn a_code_that_is_out_ends_with_a_credential_or_certificate_of_its_account() {
    let (_folder, config) = folder("");
    let served = serve(&config);
    let config = config.to_str().unwrap();
    for (name, part, command) in [
        ("taro", "certificate ", ["certificates", "unlink"]),
        ("jiro", "credential ", ["credentials", "remove"]),
    ] {
        let mut thief = served.new_browser();
        register(&mut thief, name, "p01");
        let code = code(&mut thief);
        start(&mut served.new_browser(), &code).ok();
        let shown = run(&["people", "show", name, "--config", config]);
        let [part_of, deed] = command;
        let id = &ids(&shown, part)[0];
        let done = run(&[part_of, deed, id, "--config", config]);
        assert!(done.status.success(), "{done:?}");
        let refused = start(&mut served.new_browser(), &code);
        assert_eq!(refused.refusal(), "link-code", "{command:?}");
    }
    served.stop();
}

#[test]
fn a_removed_account_leaves_nothing_behind() {
    let (_folder, config) = folder("");
    let mut served = serve(&config);
    let config = config.to_str().unwrap();
    register(&mut served.browser, "taro", "p01");
    served.browser.post("/api/link-codes", &json!({})).ok();
    assert!(
        run(&["people", "remove", "Taro", "--config", config])
            .status
            .success()
    );
    let gone = run(&["people", "show", "taro", "--config", config]);
    assert_eq!(gone.status.code(), Some(1));
    assert_eq!(text(&gone.stdout), "");
    let told = text(&gone.stderr);
    assert!(told.contains("error: there is no account \"taro\"\nwhat to do: "));
    // Name and card are free again.
    register(&mut served.new_browser(), "taro", "p01");
    served.stop();
}

#[test]
fn where_there_is_no_database_nothing_is_made() {
    let (folder, config) = folder("");
    let refused = run(&[
        "people",
        "show",
        "taro",
        "--config",
        config.to_str().unwrap(),
    ]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("there is no database"));
    assert!(!folder.path().join("rp.sqlite3").exists());
    assert!(!folder.path().join("rp.key").exists());
}

/// It was said to be a folder's or a disk's fault.
#[test]
fn a_file_that_is_no_database_is_said_to_be_none_and_left_alone() {
    let (folder, config) = folder("");
    let config = config.to_str().unwrap();
    let database = folder.path().join("rp.sqlite3");
    assert!(run(&["init", "--config", config]).status.success());
    let contents = "not a database, but somebody's notes\n".repeat(100);
    std::fs::write(&database, &contents).unwrap();
    for command in [&["serve"][..], &["people", "show", "taro"]] {
        let refused = run(&[command, &["--config", config]].concat());
        assert_eq!(refused.status.code(), Some(2));
        let told = text(&refused.stderr);
        assert!(told.contains("is no SQLite database"), "{told}");
        assert!(told.contains("something else made"), "{told}");
    }
    assert_eq!(std::fs::read_to_string(&database).unwrap(), contents);
}
