//! The program as the browser runs it, without a card: the protocol's edges and the client's duties.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use std::process::Stdio;

use host::{Computer, EXTENSION, ORIGIN, creation_options, request_options, with};
use serde_json::{Value, json};

#[test]
fn another_extension_is_refused() {
    let computer = Computer::without_pcscd();
    for caller in [
        "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
        "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg",
        "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/page.html",
    ] {
        let mut host = computer.start_as(caller);
        assert_eq!(
            host.outcome(),
            json!({"type": "fatal", "code": "not-our-extension"})
        );
        host.told("not-our-extension");
        assert!(!host.end().status.success());
    }
}

#[test]
fn the_browsers_way_and_the_written_out_way_are_the_same() {
    let computer = Computer::without_pcscd();
    let run = |arguments: &[&str]| {
        let child = computer
            .program()
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (child.status.code(), child.stdout)
    };
    // The port is closed at once: nothing is said.
    assert_eq!(run(&["native-host", EXTENSION]), run(&[EXTENSION]));
    // Firefox names its manifest first.
    let manifest = "/home/taro/.mozilla/native-messaging-hosts/jp.jpki_webauthn.authenticator.json";
    let firefox = "authenticator@jpki-webauthn";
    assert_eq!(run(&[manifest, firefox]), run(&["native-host", firefox]));
    assert_eq!(run(&[manifest, firefox]), run(&[EXTENSION]));
    assert_ne!(run(&[manifest, "other@extension"]), run(&[EXTENSION]));
    // Chrome on Windows adds a window handle.
    assert_eq!(run(&[EXTENSION, "--parent-window=0"]), run(&[EXTENSION]));
}

#[test]
fn another_protocol_version_is_told() {
    let mut host = Computer::without_pcscd().start_as(EXTENSION);
    host.send(json!({"type": "hello", "protocol": 2, "extension": "9.0.0", "new": true}));
    assert_eq!(
        host.outcome(),
        json!({"type": "fatal", "code": "protocol-version"})
    );
    // As the extension calls it too.
    host.told("host-version");
    assert!(!host.end().status.success());
}

#[test]
fn what_is_not_of_the_protocol_ends_the_connection() {
    let computer = Computer::without_pcscd();
    let fatal = json!({"type": "fatal", "code": "bad-message"});
    for message in [
        json!({"type": "watch"}),
        json!({"type": "create"}),
        json!({"type": "hello", "protocol": 1, "extension": "0.1.0", "unknown": 1}),
        json!(["hello"]),
        json!("hello"),
    ] {
        let mut host = computer.start_as(EXTENSION);
        host.send(message.clone());
        assert_eq!(host.outcome(), fatal, "{message} as the first message");
    }
    for message in [
        json!({"type": "hello", "protocol": 1, "extension": "0.1.0"}),
        json!({"type": "answer", "prompt": 1, "answer": "cancel"}),
        json!({"type": "sign", "digest": "AAAA"}),
        json!({"type": "watch", "unknown": 1}),
    ] {
        let mut host = computer.greeted();
        host.send(message.clone());
        assert_eq!(host.outcome(), fatal, "{message} as the second message");
        host.told("bad-message");
    }
}

#[test]
fn a_message_over_64_kib_ends_the_connection() {
    let computer = Computer::without_pcscd();
    let mut host = computer.start_as(EXTENSION);
    host.send_raw(&65_537_u32.to_ne_bytes());
    assert_eq!(
        host.outcome(),
        json!({"type": "fatal", "code": "bad-message"})
    );
    // The largest that is allowed is read, and found to be no message.
    let mut host = computer.start_as(EXTENSION);
    host.send_bytes(&[b' '; 65_536]);
    assert_eq!(
        host.outcome(),
        json!({"type": "fatal", "code": "bad-message"})
    );
}

#[test]
fn a_port_closed_before_anything_was_asked_ends_the_program_quietly() {
    let computer = Computer::without_pcscd();
    let mut host = computer.start_as(EXTENSION);
    host.close();
    host.end();
    let mut host = computer.greeted();
    host.close();
    host.end();
    let mut host = computer.start_as(EXTENSION);
    host.send_raw(&[5, 0]);
    host.close();
    host.end();
}

fn refused(kind: &str, request: Value) -> (String, String) {
    let computer = Computer::without_pcscd();
    let mut host = computer.greeted();
    let mut message = json!({
        "type": kind, "origin": ORIGIN, "sameOriginWithAncestors": true, "originSource": "browser",
        "options": if kind == "create" { creation_options() } else { request_options() },
    });
    for (member, value) in request.as_object().unwrap() {
        message[member] = value.clone();
    }
    host.send(message);
    let error = host.error();
    assert!(
        host.end().status.success(),
        "the ceremony failed, not the program"
    );
    error
}

fn error(code: &str, name: &str) -> (String, String) {
    (code.to_owned(), name.to_owned())
}

#[test]
fn a_frame_of_another_origin_is_refused() {
    for kind in ["create", "get"] {
        let outcome = refused(kind, json!({"sameOriginWithAncestors": false}));
        assert_eq!(outcome, error("cross-origin", "NotAllowedError"));
    }
}

#[test]
fn an_origin_that_may_not_use_credentials_is_refused() {
    for kind in ["create", "get"] {
        for origin in [
            "",
            "null",
            "http://example.jp",
            "https://192.0.2.1",
            "https://example.jp/login",
        ] {
            let outcome = refused(kind, json!({"origin": origin}));
            assert_eq!(outcome, error("origin", "SecurityError"), "{origin}");
        }
    }
}

#[test]
fn the_rp_id_of_another_site_is_refused() {
    for source in ["browser", "sender"] {
        for rp_id in [
            "example.com",
            "jp",
            "co.jp",
            "login.example.jp",
            "",
            "localhost",
        ] {
            let options = with(creation_options(), "rp", json!({"id": rp_id, "name": "x"}));
            let outcome = refused(
                "create",
                json!({"originSource": source, "options": options}),
            );
            assert_eq!(outcome, error("rp-id", "SecurityError"), "{rp_id}");
            let options = with(request_options(), "rpId", json!(rp_id));
            let outcome = refused("get", json!({"originSource": source, "options": options}));
            assert_eq!(outcome, error("rp-id", "SecurityError"), "{rp_id}");
        }
    }
}

#[test]
fn malformed_options_are_a_type_error() {
    for (kind, options) in [
        ("create", json!({})),
        ("create", json!([])),
        ("create", with(creation_options(), "challenge", json!("=="))),
        (
            "create",
            with(
                creation_options(),
                "user",
                json!({"id": "", "name": "", "displayName": ""}),
            ),
        ),
        (
            "create",
            with(creation_options(), "pubKeyCredParams", json!("ES256")),
        ),
        ("get", json!({})),
        (
            "get",
            with(
                request_options(),
                "allowCredentials",
                json!([{"type": "public-key"}]),
            ),
        ),
    ] {
        let outcome = refused(kind, json!({"options": options}));
        assert_eq!(outcome, error("bad-request", "TypeError"), "{kind}");
    }
}

#[test]
fn what_this_authenticator_is_not_is_not_supported() {
    let options = with(
        creation_options(),
        "authenticatorSelection",
        json!({"authenticatorAttachment": "cross-platform"}),
    );
    assert_eq!(
        refused("create", json!({"options": options})),
        error("not-supported", "NotSupportedError")
    );
}

#[test]
fn an_algorithm_that_nobody_has_is_refused_before_a_card_is_asked_for() {
    for algorithms in [
        json!([{"type": "public-key", "alg": -8}]),
        json!([{"type": "x", "alg": -7}]),
    ] {
        let options = with(creation_options(), "pubKeyCredParams", algorithms);
        let outcome = refused("create", json!({"options": options}));
        assert_eq!(outcome, error("unsupported-algorithm", "NotSupportedError"));
    }
}

#[test]
fn without_pcscd_the_person_is_told_so_and_may_cancel_or_choose_another_authenticator() {
    let computer = Computer::without_pcscd();
    for (answer, code) in [("cancel", "cancelled"), ("other", "other-authenticator")] {
        let mut host = computer.create(ORIGIN, creation_options());
        let prompt = host.prompt("insert-card");
        assert_eq!(prompt["problem"], "pcsc-not-running");
        assert_eq!(prompt["site"]["rpId"], "example.jp");
        assert_eq!(prompt["site"]["origin"], ORIGIN);
        assert_eq!(prompt["site"]["relatedOrigin"], false);
        host.answer(&prompt, answer, json!({}));
        assert_eq!(host.error(), error(code, "NotAllowedError"));
    }
}

#[test]
fn nobody_looks_for_a_card_when_no_card_can_have_a_credential_for_the_site() {
    let computer = Computer::without_pcscd();
    for (answer, code) in [
        ("approve", "no-credential"),
        ("cancel", "cancelled"),
        ("other", "other-authenticator"),
    ] {
        let mut host = computer.get(ORIGIN, request_options());
        let prompt = host.prompt("no-credential");
        host.answer(&prompt, answer, json!({}));
        assert_eq!(host.error(), error(code, "NotAllowedError"));
    }
}

#[test]
fn a_related_origin_is_named_beside_the_rp_id() {
    let mut host = Computer::without_pcscd().greeted();
    host.send(json!({
        "type": "create", "origin": "https://example.com", "sameOriginWithAncestors": true, "originSource": "browser",
        "relatedOrigin": true, "options": creation_options(),
    }));
    let site = host.prompt("insert-card")["site"].clone();
    assert_eq!(
        site,
        json!({"rpId": "example.jp", "origin": "https://example.com", "name": "Example", "relatedOrigin": true})
    );
}

#[test]
fn the_page_may_give_up_while_a_card_is_awaited() {
    let computer = Computer::without_pcscd();
    let mut host = computer.create(ORIGIN, creation_options());
    host.prompt("insert-card");
    host.send(json!({"type": "cancel"}));
    assert_eq!(host.error(), error("cancelled", "NotAllowedError"));
    let mut host = computer.create(ORIGIN, creation_options());
    host.prompt("insert-card");
    host.close();
    host.end();
}

#[test]
fn an_answer_that_the_prompt_does_not_allow_ends_the_connection() {
    let computer = Computer::without_pcscd();
    for (answer, more) in [
        ("approve", json!({"pin": "1234"})),
        ("choose", json!({"index": 0})),
    ] {
        let mut host = computer.create(ORIGIN, creation_options());
        let prompt = host.prompt("insert-card");
        host.answer(&prompt, answer, more);
        assert_eq!(
            host.outcome(),
            json!({"type": "fatal", "code": "bad-message"})
        );
    }
    let mut host = computer.create(ORIGIN, creation_options());
    host.prompt("insert-card");
    host.send(json!({"type": "answer", "prompt": 2, "answer": "cancel"}));
    assert_eq!(
        host.outcome(),
        json!({"type": "fatal", "code": "bad-message"}),
        "no such prompt yet"
    );
}

#[test]
fn a_watch_tells_that_pcscd_does_not_run() {
    let mut host = Computer::without_pcscd().greeted();
    host.send(json!({"type": "watch"}));
    let report = json!({"type": "cards", "readers": 0, "cards": 0, "presented": false, "problem": "pcsc-not-running"});
    assert_eq!(host.next(), report);
    host.close();
    assert!(host.end().status.success());
}

#[test]
fn a_store_that_cannot_be_used_is_told() {
    let computer = Computer::without_pcscd();
    std::fs::create_dir_all(computer.data().parent().unwrap()).unwrap();
    std::fs::write(computer.data(), "a file where the folder should be").unwrap();
    let mut host = computer.create(ORIGIN, creation_options());
    assert_eq!(host.error(), error("storage", "NotAllowedError"));
    let log = host.end().log;
    assert!(log.contains("[JPKI-storage] "), "{log}");
    assert!(log.contains("[JPKI-storage-not-yours] "), "{log}");
    assert!(log.contains("is not a plain file or folder"), "{log}");
}

#[test]
fn the_log_speaks_the_language_that_the_extension_names() {
    let computer = Computer::without_pcscd();
    let mut host = computer.start_as(EXTENSION);
    host.send(json!({"type": "hello", "protocol": 1, "extension": "0.1.0", "language": "ja"}));
    host.next();
    host.send(json!({
        "type": "get", "origin": "http://example.jp", "sameOriginWithAncestors": true, "originSource": "sender",
        "options": request_options(),
    }));
    host.error();
    assert!(
        host.end()
            .log
            .contains("[JPKI-origin] 安全な接続からの要求ではありません。")
    );
}

#[test]
fn the_program_leaves_no_core_dump() {
    let host = Computer::without_pcscd().greeted();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", host.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let values: Vec<_> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(values, ["0", "0"]);
}

#[test]
fn the_records_of_a_new_computer_are_empty() {
    let computer = Computer::without_pcscd();
    for message in [
        json!({"type": "records"}),
        json!({"type": "forget", "rpId": "example.jp"}),
    ] {
        let mut host = computer.greeted();
        host.send(message);
        let empty = json!({"type": "records", "disclosures": [], "olderDisclosures": 0, "sites": [], "olderSites": 0});
        assert_eq!(host.outcome(), empty);
        assert!(host.end().status.success());
    }
    assert!(!computer.data().exists(), "looking makes no store");
}

#[test]
fn records_that_cannot_be_read_are_told() {
    let computer = Computer::without_pcscd();
    std::fs::create_dir_all(computer.data().parent().unwrap()).unwrap();
    std::fs::write(computer.data(), "a file where the folder should be").unwrap();
    let mut host = computer.greeted();
    host.send(json!({"type": "records"}));
    assert_eq!(host.error(), error("storage", "NotAllowedError"));
}

#[test]
fn records_are_told_to_our_extension_only() {
    let computer = Computer::without_pcscd();
    for message in [
        json!({"type": "records"}),
        json!({"type": "forget", "rpId": "example.jp"}),
    ] {
        let mut host = computer.start_as("chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/");
        host.send(json!({"type": "hello", "protocol": 1, "extension": "0.1.0"}));
        host.send(message.clone());
        let refused = json!({"type": "fatal", "code": "not-our-extension"});
        assert_eq!(host.outcome(), refused);
        // Nor before the greeting.
        let mut host = computer.start_as(EXTENSION);
        host.send(message);
        let refused = json!({"type": "fatal", "code": "bad-message"});
        assert_eq!(host.outcome(), refused);
    }
    assert!(!computer.data().exists(), "nothing was looked up");
}
