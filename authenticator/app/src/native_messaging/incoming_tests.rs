use super::*;

fn parse(message: &str) -> Result<Incoming, Unreadable> {
    Incoming::parse(message.as_bytes())
}

#[test]
fn the_documents_messages_are_understood() {
    assert!(matches!(
        parse(r#"{"type": "hello", "protocol": 1, "extension": "0.1.0"}"#),
        Ok(Incoming::Hello(_))
    ));
    assert!(matches!(parse(r#"{"type": "watch"}"#), Ok(Incoming::Watch)));
    assert!(matches!(
        parse(r#"{"type": "cancel"}"#),
        Ok(Incoming::Cancel)
    ));
    assert!(matches!(
        parse(r#"{"type": "records"}"#),
        Ok(Incoming::Records)
    ));
    let Ok(Incoming::Forget(forget)) = parse(r#"{"type": "forget", "rpId": "example.jp"}"#) else {
        panic!()
    };
    assert_eq!(forget.rp_id, "example.jp");
    let create = r#"{"type": "create", "origin": "https://example.jp", "sameOriginWithAncestors": true,
                    "originSource": "browser", "options": {"x": [1]}}"#;
    let Ok(Incoming::Create(request)) = parse(create) else {
        panic!()
    };
    assert_eq!(
        (request.origin_source, request.related_origin),
        (OriginSource::Browser, false)
    );
    assert!(!request.private);
    let private = create.replace(r#""options""#, r#""private": true, "options""#);
    assert!(matches!(parse(&private), Ok(Incoming::Create(request)) if request.private));
    let approve = r#"{"type": "answer", "prompt": 1, "answer": "approve", "pin": "1234", "disclose": false,
                     "cardCredential": true, "remember": true, "lastTry": false}"#;
    let Ok(Incoming::Answer(Answer {
        prompt: 1,
        choice: Choice::Approve(approval),
    })) = parse(approve)
    else {
        panic!()
    };
    assert_eq!(approval.pin.unwrap().as_str(), "1234");
    assert!(approval.remember && approval.card_credential);
    assert!(!approval.disclose && !approval.last_try);
    let choose = parse(r#"{"type": "answer", "prompt": 2, "answer": "choose", "index": 0}"#);
    assert!(matches!(
        choose,
        Ok(Incoming::Answer(Answer {
            prompt: 2,
            choice: Choice::Choose(0)
        }))
    ));
}

#[test]
fn another_protocol_is_told_apart_even_with_unknown_members() {
    let newer = r#"{"type": "hello", "protocol": 2, "extension": "9", "more": true}"#;
    assert_eq!(parse(newer).map(drop), Err(Unreadable::ProtocolVersion));
}

#[test]
fn everything_else_is_refused() {
    for message in [
        "",
        "null",
        "[]",
        r#"["watch"]"#,
        r#"{"type": "watch"} {}"#,
        r#"{"type": "watch", "type": "watch"}"#,
        r#"{"type": "watch", "more": 1}"#,
        r#"{"type": "WATCH"}"#,
        r#"{"type": "records", "rpId": "example.jp"}"#,
        r#"{"type": "records", "since": 0}"#,
        r#"{"type": "forget"}"#,
        r#"{"type": "forget", "rpId": null}"#,
        r#"{"type": "forget", "rpId": 1}"#,
        r#"{"type": "forget", "rpId": ["example.jp"]}"#,
        r#"{"type": "forget", "rpId": "example.jp", "rpId": "example.com"}"#,
        r#"{"type": "forget", "rpId": "example.jp", "disclosures": true}"#,
        r#"{"type": 1}"#,
        r#"{"watch": true}"#,
        r#"{"type": "sign", "digest": "AAAA"}"#,
        r#"{"type": "hello", "protocol": 1}"#,
        r#"{"type": "hello", "protocol": "1", "extension": "0.1.0"}"#,
        r#"{"type": "hello", "protocol": 1, "extension": "0.1.0", "more": 1}"#,
        r#"{"type": "hello", "protocol": 1, "extension": "0.1.0", "language": null}"#,
        r#"{"type": "create", "origin": "https://example.jp", "sameOriginWithAncestors": true, "originSource": "page", "options": {}}"#,
        r#"{"type": "create", "origin": "https://example.jp", "sameOriginWithAncestors": true, "originSource": "sender", "relatedOrigin": true, "options": {}}"#,
        r#"{"type": "create", "origin": "https://example.jp", "originSource": "browser", "options": {}}"#,
        r#"{"type": "create", "sameOriginWithAncestors": true, "originSource": "browser", "options": {}}"#,
        r#"{"type": "get", "origin": "https://example.jp", "sameOriginWithAncestors": true, "originSource": "browser"}"#,
        r#"{"type": "answer", "answer": "cancel"}"#,
        r#"{"type": "answer", "prompt": -1, "answer": "cancel"}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "retry"}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "approve", "pin": 1234}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "approve", "pin": "1234", "cardCredential": null}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "cancel", "cardCredential": false}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "approve", "pin": null}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "approve", "index": 0}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "cancel", "pin": "1234"}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "choose"}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "another-card", "index": 0}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "another-card", "pin": "1234"}"#,
        r#"{"type": "answer", "prompt": 1, "answer": "choose", "index": 0, "disclose": true}"#,
    ] {
        assert_eq!(
            parse(message).map(drop),
            Err(Unreadable::BadMessage),
            "{message}"
        );
    }
    assert_eq!(
        Incoming::parse(b"{\"type\": \"watch\xff\"}").map(drop),
        Err(Unreadable::BadMessage)
    );
}

#[test]
fn a_pin_is_not_shown() {
    let approve = parse(r#"{"type": "answer", "prompt": 1, "answer": "approve", "pin": "8642"}"#);
    let shown = format!("{approve:?}");
    assert!(!shown.contains("8642"), "{shown}");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_parsed_or_refused(bytes: Vec<u8>, text in r#"\{"type": ?"[a-z]{4,6}"(, ?"[a-zA-Z]{3,9}": ?([0-9]{1,3}|"[^"]{0,9}"|null|true)){0,4}\}"#) {
        let _ = Incoming::parse(&bytes);
        let _ = Incoming::parse(text.as_bytes());
    }
}
