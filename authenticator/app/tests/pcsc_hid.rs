//! The program as a security key: CTAPHID over UDP, the real pcscd, a practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use ciborium::Value;
use host::bench::{Bench, forgot_the_pin, person};
use host::security_key::client::{
    Answer, Client, client_data_hash, get_assertion, make_credential, make_credential_with,
};
use host::security_key::datagrams::{Datagrams, Info};
use host::security_key::{CANCEL, CBOR, ERROR, INIT, PING};
use p256::ecdsa::signature::Verifier;

/// A script of lines that give the PIN of `p01`'s card.
fn pins(count: usize) -> String {
    format!("pin {}\n", person("p01").pin).repeat(count)
}

/// The authenticator data and the ID of a credential that was made.
fn made(answer: &Answer) -> (Vec<u8>, Vec<u8>) {
    let data = answer.member(2).as_bytes().unwrap().clone();
    let length = usize::from(u16::from_be_bytes([data[53], data[54]]));
    let id = data[55..55 + length].to_vec();
    (data, id)
}

/// Checks an assertion under the key of the credential that was made.
fn assert_signed(made: &[u8], id: &[u8], answer: &Answer) {
    let key = &made[55 + id.len()..];
    let members: Value = ciborium::from_reader(key).unwrap();
    let members = members.into_map().unwrap();
    let coordinate = |label: i64| {
        let found = members.iter().find(|(key, _)| *key == Value::from(label));
        found.unwrap().1.as_bytes().unwrap().clone()
    };
    let point = [&[4][..], &coordinate(-2), &coordinate(-3)].concat();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
    let data = answer.member(2).as_bytes().unwrap();
    assert_eq!(data[32] & 0b101, 0b101, "present and verified");
    let signature = p256::ecdsa::Signature::from_der(answer.member(3).as_bytes().unwrap()).unwrap();
    let signed = [data.as_slice(), &client_data_hash()].concat();
    key.verify(&signed, &signature).unwrap();
}

fn uv() -> [(&'static str, Value); 1] {
    [("uv", true.into())]
}

#[test]
fn another_hosts_library_finds_the_authenticator() {
    let bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(None);
    key.connect();
    let device = ctaphid::Device::new(Datagrams::to(&key), Info).unwrap();
    assert!(device.capabilities().has_cbor() && !device.capabilities().has_msg());
    for length in [0, 57, 58, 1024, 7609] {
        device.ping(&vec![0xA5; length]).unwrap();
    }
    let info = device.ctap2(0x04, &[]).unwrap();
    let info: Value = ciborium::from_reader(info.as_slice()).unwrap();
    let versions = &info.as_map().unwrap()[0];
    assert_eq!(versions.0, 1.into());
    let versions = versions.1.as_array().unwrap();
    assert!(versions.contains(&"FIDO_2_0".into()), "{versions:?}");
}

#[test]
fn someone_registers_and_signs_in() {
    let mut bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(Some(&pins(3)));
    let client = key.connect();
    bench.type_pin_elsewhere();
    let registered = client.ask(&make_credential(b"1"));
    let (data, id) = made(&registered);
    assert_eq!(registered.member(1), &Value::from("packed"));
    for allowed in [&[id.as_slice()][..], &[]] {
        bench.type_pin_elsewhere();
        let signed = client.ask(&get_assertion(allowed, &uv()));
        assert_signed(&data, &id, &signed);
    }
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
    let (status, log) = key.end();
    assert!(status.success(), "{log}");
    assert!(!log.contains(&person("p01").pin), "{log}");
}

#[test]
fn a_cancelled_request_ends_at_once_and_the_next_one_works() {
    let mut bench = Bench::with_card_of("p01");
    let script = format!("wait\n{}", pins(1));
    let key = bench.computer.security_key(Some(&script));
    let client = key.connect();
    client.send(CBOR, &make_credential(b"1"));
    client.wait_for_prompt();
    client.send(CANCEL, &[]);
    assert_eq!(client.answer().status, 0x2D);
    bench.type_pin_elsewhere();
    assert_eq!(client.ask(&make_credential(b"1")).status, 0);
}

#[test]
fn a_client_that_starts_over_gets_no_late_answer() {
    let mut bench = Bench::with_card_of("p01");
    let script = format!("wait\n{}", pins(1));
    let key = bench.computer.security_key(Some(&script));
    let client = key.connect();
    client.send(CBOR, &make_credential(b"1"));
    client.wait_for_prompt();
    client.send(INIT, b"resynced");
    loop {
        // Keepalives may be under way.
        match client.receive() {
            (INIT, payload) => {
                assert_eq!(payload[..8], *b"resynced");
                break;
            }
            (command, _) => assert_eq!(command, host::security_key::KEEPALIVE),
        }
    }
    client.send(PING, b"ping");
    assert_eq!(client.receive(), (PING, b"ping".to_vec()));
    bench.type_pin_elsewhere();
    assert_eq!(client.ask(&make_credential(b"1")).status, 0);
}

#[test]
fn the_platform_hears_that_the_person_is_waited_for_and_others_that_it_is_busy() {
    let mut bench = Bench::with_card_of("p01");
    let script = format!("wait 1000\n{}", pins(1));
    let key = bench.computer.security_key(Some(&script));
    let (client, other) = (key.connect(), key.connect());
    bench.type_pin_elsewhere();
    client.send(CBOR, &make_credential(b"1"));
    client.wait_for_prompt();
    other.send(CBOR, &[0x04]);
    assert_eq!(other.receive(), (ERROR, vec![0x06]));
    other.send(INIT, b"unharmed");
    let (command, payload) = other.receive();
    assert_eq!((command, &payload[..8]), (INIT, &b"unharmed"[..]));
    let answer = client.answer();
    assert_eq!(answer.status, 0);
    let waiting = answer.keepalives.iter().filter(|status| **status == 2);
    assert!(waiting.count() >= 3, "{:?}", answer.keepalives);
    assert_eq!(answer.keepalives.last(), Some(&1), "while the card works");
    assert_eq!(other.ask(&[0x04]).status, 0);
}

#[test]
fn a_card_that_is_pulled_out_ends_the_request_and_takes_the_device_along() {
    let mut bench = Bench::with_card_of("p01");
    let script = format!("wait\n{}", pins(1));
    let key = bench.computer.security_key(Some(&script));
    let client = key.connect();
    client.send(CBOR, &make_credential(b"1"));
    client.wait_for_prompt();
    bench.card(0).remove();
    assert_eq!(client.answer().status, 0x27);
    wait_until_silent(&client);
    bench.put_back(0);
    let client = key.connect();
    bench.type_pin_elsewhere();
    assert_eq!(client.ask(&make_credential(b"1")).status, 0);
}

/// Waits until the device is gone.
fn wait_until_silent(client: &Client) {
    let (silence, pause) = (Duration::from_millis(500), Duration::from_millis(50));
    for _ in 0..500 {
        client.send(PING, b"still there?");
        if client.receive_within(silence).is_none() {
            return;
        }
        std::thread::sleep(pause);
    }
    panic!("the device stays without a card");
}

#[test]
fn a_service_that_dies_ends_the_request_and_works_again_when_it_is_back() {
    let mut bench = Bench::with_card_of("p01");
    let script = format!("wait\n{}", pins(1));
    let key = bench.computer.security_key(Some(&script));
    let client = key.connect();
    client.send(CBOR, &make_credential(b"1"));
    client.wait_for_prompt();
    bench.pcscd.kill().unwrap();
    assert_eq!(client.answer().status, 0x27);
    wait_until_silent(&client);
    bench.pcscd.restart().unwrap();
    let client = key.connect();
    bench.type_pin_elsewhere();
    assert_eq!(client.ask(&make_credential(b"1")).status, 0);
}

#[test]
fn silent_probes_and_the_like_ask_the_card_nothing() {
    let mut bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(Some(&pins(1)));
    let client = key.connect();
    bench.type_pin_elsewhere();
    let (_, id) = made(&client.ask(&make_credential(b"1")));
    bench.wait_until_unpowered(0);
    let asked = bench.log(0).len();
    let silently = [("up", false.into())];
    for _ in 0..5 {
        assert_eq!(client.ask(&[0x04]).status, 0);
        let probe = client.ask(&get_assertion(&[id.as_slice()], &silently));
        let data = probe.member(2).as_bytes().unwrap();
        assert_eq!(data[32] & 0b101, 0, "neither present nor verified");
        let other = client.ask(&get_assertion(&[&[7; 70]], &silently));
        assert_eq!(other.status, 0x2E);
    }
    assert_eq!(bench.log(0).len(), asked);
}

#[test]
fn no_card_no_device() {
    let mut bench = Bench::with_readers(2);
    let key = bench.computer.security_key(None);
    let silence = Duration::from_millis(500);
    assert!(key.try_connect(silence).is_none());
    bench.insert(0, host::bench::card_of("p01"));
    let client = key.connect();
    assert_eq!(client.ask(&[0x04]).status, 0);
    // Which of two is meant nobody knows.
    bench.insert(1, host::bench::card_of("p02"));
    wait_until_silent(&client);
    bench.card(0).remove();
    assert_eq!(key.connect().ask(&[0x04]).status, 0);
    // Whoever looks reads why, each time once.
    let (_, log) = key.end();
    let told: Vec<&str> = log.lines().filter(|line| line.contains('[')).collect();
    let [none, several] = told[..] else {
        panic!("{log}");
    };
    assert!(none.contains("[JPKI-no-card] There is no card"), "{none}");
    assert!(several.contains("[JPKI-several-cards]"), "{several}");
}

#[test]
fn a_script_that_has_no_fitting_answer_is_said_to_have_none() {
    let bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(Some("approve"));
    let client = key.connect();
    for _ in 0..2 {
        assert_ne!(client.ask(&make_credential(b"1")).status, 0);
    }
    let (_, log) = key.end();
    for code in ["JPKI-script-out-of-place", "JPKI-script-ended"] {
        assert_eq!(log.matches(&format!("[{code}] ")).count(), 1, "{log}");
    }
}

#[test]
fn a_card_of_which_no_device_can_be_made_is_logged_with_a_code() {
    let bench = Bench::with_card_of("p01");
    let mut program = bench.computer.program();
    let mut key = program
        .args(["hid", "--relay", "/nowhere"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(key.stderr.take().unwrap());
    let line = said
        .lines()
        .map(Result::unwrap)
        .find(|line| line.contains("No such file"));
    key.kill().unwrap();
    key.wait().unwrap();
    let line = line.unwrap();
    assert!(line.contains("[JPKI-device-failed] "), "{line}");
}

#[test]
fn what_is_no_report_is_dropped() {
    let bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(None);
    let client = key.connect();
    let mut ping = [0; 65];
    ping[..4].copy_from_slice(&client.channel.to_be_bytes());
    ping[4] = 0x81;
    for length in [0, 1, 7, 63, 65] {
        client.send_datagram(&ping[..length]);
    }
    client.send(PING, b"the only one");
    assert_eq!(client.receive(), (PING, b"the only one".to_vec()));
}

#[test]
fn the_key_ends_in_order_with_a_prompt_open() {
    let bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(Some("wait"));
    let client = key.connect();
    client.send(CBOR, &make_credential(b"1"));
    client.wait_for_prompt();
    let (status, log) = key.end();
    assert!(status.success(), "{log}");
    assert_eq!(client.answer().status, 0x27);
}

#[test]
fn through_the_relay_the_device_comes_and_goes_with_the_card_and_comes_back_after_a_failure() {
    let bench = Bench::with_card_of("p01");
    let (key, kernel) = bench.computer.security_key_behind_a_relay();
    let device = kernel.next_device();
    device.send_report(0x86, 0xFFFF_FFFF, b"a client");
    let report = device.report();
    assert_eq!((report[4], &report[7..15]), (0x86, &b"a client"[..]));
    bench.card(0).remove();
    device.wait_until_unplugged();
    bench.put_back(0);
    // The relay dies: its device goes, and another takes its place.
    drop(kernel.next_device());
    let device = kernel.next_device();
    device.send_report(0x86, 0xFFFF_FFFF, b"another!");
    assert_eq!(&device.report()[7..15], b"another!");
    let (status, log) = key.end();
    assert!(status.success(), "{log}");
    device.wait_until_unplugged();
}

/// As where systemd takes the connection and the relay then finds no /dev/uhid: each attempt reads the card.
#[test]
fn a_relay_that_ends_at_once_is_asked_less_and_less_often() {
    let bench = Bench::with_card_of("p01");
    let (_key, kernel) = bench.computer.security_key_behind_a_relay();
    drop(kernel.next_device());
    drop(kernel.next_device());
    let second = Instant::now();
    drop(kernel.next_device());
    assert!(second.elapsed() >= Duration::from_secs(2));
}

/// A host that starts over again and again, while the card is still at the first request.
#[test]
fn requests_that_nobody_waits_for_do_not_pile_up() {
    let bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(Some(&pins(1)));
    let client = key.connect();
    let stall = "stall 1".parse().unwrap();
    bench.card(0).with_card(|card| card.add_fault(stall));
    client.send(CBOR, &make_credential(b"1"));
    assert!(bench.card(0).wait_until_stalled(Duration::from_secs(60)));
    let mut refused = false;
    for _ in 0..40 {
        client.send(INIT, b"resynced");
        while client.receive().0 != INIT {}
        client.send(CBOR, &[0x04]);
        let answer = client.receive_within(Duration::from_millis(20));
        refused |= answer == Some((CBOR, vec![0x06]));
    }
    assert!(refused);
}

/// Inserting the card is the one touch that there is without a prompt (authenticatorSelection asks for nothing else).
#[test]
fn a_card_that_is_put_in_is_a_touch_once_and_one_that_lies_there_is_none() {
    const SELECTION: [u8; 1] = [0x0B];
    let bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(None);
    let client = key.connect();
    assert_ne!(client.ask(&SELECTION).status, 0, "it lay there");
    bench.card(0).remove();
    wait_until_silent(&client);
    bench.put_back(0);
    let client = key.connect();
    assert_eq!(client.ask(&SELECTION).status, 0);
    assert_ne!(client.ask(&SELECTION).status, 0, "once");
}

#[test]
fn a_pin_typed_into_the_browser_holds_the_card_until_its_token_is_used() {
    let mut bench = Bench::with_card_of("p01");
    let key = bench.computer.security_key(Some("approve\napprove\n"));
    let client = key.connect();
    // No four digits have this hash: the card is not even asked.
    assert_eq!(client.pin_token("not a PIN"), Err(0x31));
    assert_eq!(bench.tries(0), 3);
    bench.type_pin_elsewhere();
    let token = client.pin_token(&person("p01").pin).unwrap();
    assert!(bench.card(0).with_card(|card| card.is_powered()));
    // What needs no card goes on meanwhile, also from others, and ends nothing.
    assert_eq!(key.connect().ask(&[0x04]).status, 0);
    let (_, id) = made(&client.ask(&make_credential_with(&token, b"1")));
    assert!(!id.is_empty());
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
    let again = client.ask(&make_credential_with(&token, b"2"));
    assert_eq!(again.status, 0x33, "a token is good for one registration");
    // A card that leaves takes the token along.
    bench.type_pin_elsewhere();
    let token = client.pin_token(&person("p01").pin).unwrap();
    bench.card(0).remove();
    wait_until_silent(&client);
    bench.put_back(0);
    let client = key.connect();
    let late = client.ask(&make_credential_with(&token, b"1"));
    assert_eq!(late.status, 0x33);
}
