//! Origins, and which RP IDs they may use. An input is a flag (the browser says the origin is a related one), the origin, a line's end,
//! the RP ID.

#![no_main]

use jpki_authenticator::fuzzing::rp_id;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((flag, rest)) = input.split_first() else {
        return;
    };
    let Ok(text) = str::from_utf8(rest) else {
        return;
    };
    let (origin, requested) = match text.split_once('\n') {
        Some((origin, requested)) => (origin, Some(requested)),
        None => (text, None),
    };
    let related = flag & 1 == 1;
    let Some((host, granted)) = rp_id(origin, requested, related) else {
        return;
    };
    assert!(origin.is_ascii() && !origin.ends_with('/') && !origin.contains(['@', '?', '#']));
    assert!(origin.starts_with("https://") || host == "localhost" || host.ends_with(".localhost"));
    assert!((1..=253).contains(&granted.len()));
    assert_eq!(granted, granted.to_ascii_lowercase());
    assert!(requested.is_none_or(|requested| requested.eq_ignore_ascii_case(&granted)));
    // One label is a public suffix, or a machine in somebody's network.
    assert!(granted.contains('.') || granted == "localhost");
    assert!(granted.parse::<std::net::IpAddr>().is_err());
    let own = host == granted || host.ends_with(&format!(".{granted}"));
    assert!(own || related, "{host} was granted {granted}");
    assert!(!own || rp_id(origin, requested, false).is_some());
});
