//! Clocks and certificates: the real program under another time (faketime), with the real pcscd and the practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use host::bench::{Bench, assert_signed_in, person};
use host::{Host, ORIGIN, creation_options, request_options, with};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60;

/// From now on the computer's clock goes from this time on.
fn set_clock(bench: &mut Bench, seconds: i64) {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let form = time::macros::format_description!("@[year]-[month]-[day] [hour]:[minute]:[second]");
    let under = [
        "/usr/bin/env",
        "TZ=UTC",
        "/usr/bin/faketime",
        "-m",
        "--exclude-monotonic",
        "-f",
    ];
    let mut under: Vec<_> = under.map(std::ffi::OsString::from).into();
    under.push(time.format(form).unwrap().into());
    bench.computer.run_under(under);
}

fn approve(bench: &mut Bench, host: &mut Host, prompt: &Value, disclose: bool) -> Value {
    bench.type_pin(
        host,
        prompt,
        &person("p01").pin,
        json!({"disclose": disclose}),
    );
    host.result()
}

/// Whether the command `card` tells of this.
fn card_says(bench: &Bench, code: &str) -> bool {
    let output = bench.computer.program().arg("card").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    out.contains(&format!("  Code: {code}\n"))
}

/// The same card on each day that matters: what the prompt says of it, and what it may still do.
#[test]
fn a_certificate_grows_old() {
    let not_after = person("p01").authentication.not_after;
    let mut bench = Bench::with_card_of("p01");
    let registered = bench.register("p01", creation_options(), false);
    for (seconds, expired, soon) in [
        (not_after - 91 * DAY, false, false),
        (not_after - 89 * DAY, false, true),
        (not_after - 30 * DAY, false, true),
        (not_after - 60, false, true),
        (not_after + 60, true, false),
        (not_after + 365 * DAY, true, false),
    ] {
        set_clock(&mut bench, seconds);
        assert_eq!(card_says(&bench, "JPKI-certificate-expired"), expired);
        assert_eq!(card_says(&bench, "JPKI-certificate-expires-soon"), soon);
        let mut host = bench.computer.get(ORIGIN, request_options());
        let prompt = host.prompt("sign-in");
        let told = (&prompt["card"]["expired"], &prompt["card"]["expiresSoon"]);
        assert_eq!(
            told,
            (&json!(expired), &json!(soon)),
            "{}",
            not_after - seconds
        );
        let response = approve(&mut bench, &mut host, &prompt, false);
        assert_signed_in(&registered, &response);

        // Who wants to know who it is gets no answer from a certificate that has expired.
        let user = json!({"id": "bmV3", "name": "jiro", "displayName": "次郎"});
        let options = with(creation_options(), "user", user);
        let mut host = bench.computer.create(ORIGIN, options);
        if expired {
            let (code, _) = host.error();
            assert_eq!(code, "certificate-expired");
            let log = host.end().log;
            assert!(log.contains("renewed at your municipal office"), "{log}");
        } else {
            let prompt = host.prompt("register");
            assert_eq!(prompt["card"]["expiresSoon"], soon);
            host.answer(&prompt, "cancel", json!({}));
            host.error();
        }
    }
}

/// A clock set back is no reason to lose anything: credentials made later open earlier, before the certificate's time as well.
#[test]
fn a_clock_before_the_certificate_began_is_pointed_out() {
    let mut bench = Bench::with_card_of("p01");
    let not_before = person("p01").authentication.not_before;
    set_clock(&mut bench, not_before - DAY);
    assert!(card_says(&bench, "JPKI-certificate-not-yet-valid"));
}

#[test]
fn a_clock_set_back_loses_nothing() {
    let certificate = &person("p01").authentication;
    let mut bench = Bench::with_card_of("p01");
    let registered = bench.register("p01", creation_options(), false);
    for seconds in [
        certificate.not_before + DAY,
        certificate.not_before - 365 * DAY,
        DAY,
    ] {
        set_clock(&mut bench, seconds);
        let mut host = bench.computer.get(ORIGIN, request_options());
        let prompt = host.prompt("sign-in");
        let response = approve(&mut bench, &mut host, &prompt, false);
        assert_signed_in(&registered, &response);
    }
    // An account registered again while the clock is wrong takes the place of the one before it.
    let mut host = bench.computer.create(
        ORIGIN,
        with(creation_options(), "attestation", json!("none")),
    );
    let prompt = host.prompt("register");
    let again = approve(&mut bench, &mut host, &prompt, false);
    bench.computer.run_under(Vec::new());
    let response = bench.sign_in("p01", request_options());
    assert_signed_in(&again, &response);
    assert_eq!(bench.computer.stored().len(), 1);
}

/// Two accounts of one name are told apart by the days on which they were registered, as the calendar on the wall has them.
#[test]
fn accounts_to_choose_from_say_when_they_were_registered() {
    let morning = person("p01").authentication.not_before + 10 * DAY;
    let morning = morning - morning.rem_euclid(DAY) + 8 * 60 * 60;
    let mut bench = Bench::with_card_of("p01");
    for (id, seconds) in [("b25l", morning), ("dHdv", morning + DAY + DAY / 2)] {
        set_clock(&mut bench, seconds);
        let user = json!({"id": id, "name": "taro", "displayName": "太郎"});
        bench.register("p01", with(creation_options(), "user", user), false);
    }
    // At 08:00 and 20:00 UTC. The latter is the next day in Japan.
    for (zone, days) in [("TZ=UTC0", [1, 0]), ("TZ=JST-9", [2, 0])] {
        let under = ["/usr/bin/env", zone].map(std::ffi::OsString::from);
        bench.computer.run_under(under.into());
        let mut host = bench.computer.get(ORIGIN, request_options());
        let prompt = host.prompt("sign-in");
        bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
        host.progress();
        let prompt = host.prompt("choose-account");
        let account = |days| {
            let day = time::OffsetDateTime::from_unix_timestamp(morning + days * DAY).unwrap();
            json!({"name": "taro", "displayName": "太郎", "created": day.date().to_string()})
        };
        assert_eq!(prompt["accounts"], json!(days.map(account)), "{zone}");
        host.answer(&prompt, "cancel", json!({}));
        host.error();
    }
}
