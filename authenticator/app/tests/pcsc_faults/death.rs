//! What another program can do with the card of a program that was killed after the PIN was verified.

use std::process::Command;
use std::time::{Duration, Instant};

use jpki_lab::card::Event;
use serde_json::json;

use crate::host::bench::{Bench, person};
use crate::host::{ORIGIN, creation_options};

const SELECT_JPKI: &str = "00:A4:04:0C:0A:D3:92:F0:00:26:01:00:00:00:01";
/// Sign 32 bytes with the authentication key.
const SIGN: &str = "80:2A:02:97:20:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00";
/// pcsc-lite takes the power from a card that nobody uses some seconds later; this is far more.
const SOON: Duration = Duration::from_secs(20);

/// The hole that the threat model tells of, as wide as it is: another program that connects in time finds the PIN verified, since
/// pcscd only resets the card; once pcscd has taken the card's power, or the next ceremony is over, it does not.
#[test]
fn a_program_killed_after_the_pin_leaves_the_card_open_until_pcscd_takes_its_power() {
    let mut bench = Bench::with_card_of("p01");
    killed_after_the_pin(&mut bench);
    assert!(
        signs(&bench),
        "the hole is closed: say so in the threat model"
    );

    let begun = Instant::now();
    bench.wait_until_unpowered(0);
    assert!(begun.elapsed() < SOON, "open for {:?}", begun.elapsed());
    println!("unpowered after {:?}", begun.elapsed());
    assert!(!signs(&bench));
}

/// Without anybody's doing pcscd takes the power too.
#[test]
fn a_program_killed_after_the_pin_leaves_a_card_that_loses_its_power_by_itself() {
    let mut bench = Bench::with_card_of("p01");
    killed_after_the_pin(&mut bench);
    let begun = Instant::now();
    bench.wait_until_unpowered(0);
    println!("unpowered after {:?}", begun.elapsed());
    assert!(!signs(&bench));
}

/// The next ceremony has a VERIFY of its own, and ends with the card unpowered.
#[test]
fn the_next_ceremony_closes_what_a_killed_program_left_open() {
    let mut bench = Bench::with_card_of("p01");
    killed_after_the_pin(&mut bench);
    let before = bench.log(0).len();
    bench.register("p01", creation_options(), false);
    bench.wait_until_unpowered(0);
    let log = bench.log(0);
    let verified = log[before..]
        .iter()
        .position(|entry| entry.pin_try == Some(true));
    let signed = log[before..]
        .iter()
        .position(|entry| entry.name.as_deref() == Some("SIGN"));
    assert!(verified.unwrap() < signed.unwrap(), "a VERIFY of its own");
    assert!(
        log[before..]
            .iter()
            .any(|entry| entry.event == Event::PowerOff)
    );
    assert!(!signs(&bench));
}

/// A registration whose program is killed between VERIFY and the first signature.
fn killed_after_the_pin(bench: &mut Bench) {
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    // SELECT, counter, VERIFY.
    bench
        .card(0)
        .with_card(|card| card.add_fault("stall 3".parse().unwrap()));
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    assert!(bench.card(0).wait_until_stalled(SOON));
    host.kill();
    host.end();
    bench.card(0).with_card(|card| card.go_on());
    let log = bench.log(0);
    let last = log.iter().rfind(|entry| entry.name.is_some()).unwrap();
    assert_eq!(
        (last.name.as_deref(), last.sw.as_deref()),
        (Some("VERIFY"), Some("9000"))
    );
}

/// Whether a program of somebody else gets a signature from the card without a PIN.
fn signs(bench: &Bench) -> bool {
    let output = Command::new("opensc-tool")
        .args(["--reader", "0", "--card-driver", "default"])
        // The first command after power-up is answered 6F00.
        .args(["-s", SELECT_JPKI, "-s", SELECT_JPKI, "-s", SIGN])
        .env("PCSCLITE_CSOCK_NAME", bench.pcscd.socket())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let statuses: Vec<&str> = said.split("SW1=").skip(1).collect();
    assert_eq!(
        statuses.len(),
        3,
        "{said} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    statuses[2].starts_with("0x90")
}
