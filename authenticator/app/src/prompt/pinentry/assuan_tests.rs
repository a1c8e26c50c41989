use proptest::prelude::*;

use super::*;

/// What a server that answers `said` makes of one command.
fn answered(said: &[u8]) -> Result<String, Result<u16, Broken>> {
    let mut sent = Vec::new();
    let greeted = [b"OK Pleased to meet you\n", said].concat();
    let mut connection = Connection::greet(greeted.as_slice(), &mut sent).map_err(Err)?;
    match connection.command("GETPIN", "") {
        Ok(Reply::Done(data)) => Ok(data.to_string()),
        Ok(Reply::Refused(code)) => Err(Ok(code)),
        Err(broken) => Err(Err(broken)),
    }
}

#[test]
fn data_is_decoded_and_put_together() {
    for (said, data) in [
        ("OK\n", ""),
        ("OK closing connection\n", ""),
        ("D 1234\nOK\n", "1234"),
        ("D 12\nD 34\nOK\n", "1234"),
        ("D %31%32 %25%0a\nOK\n", "12 %\n"),
        ("D \nOK\n", ""),
        ("S BUTTON_INFO close\n# a comment\n#\nD 1\nOK\n", "1"),
    ] {
        assert_eq!(answered(said.as_bytes()), Ok(data.into()), "{said:?}");
    }
}

#[test]
fn debug_output_does_not_show_the_data() {
    let greeted = b"OK\nD 5678\nOK\n".as_slice();
    let mut connection = Connection::greet(greeted, Vec::new()).unwrap();
    let reply = connection.command("GETPIN", "").unwrap();
    assert_eq!(format!("{reply:?}"), "Done(…)");
}

#[test]
fn an_error_is_its_code_without_its_source() {
    // As pinentry 1.2.1 says them: cancelled, timed out, not confirmed.
    for (said, code) in [
        ("ERR 83886179 Operation cancelled <Pinentry>\n", 99),
        ("ERR 83886142 Timeout <Pinentry>\n", 62),
        ("ERR 83886194 Not confirmed <Pinentry>\n", 114),
        ("ERR 99\n", 99),
    ] {
        assert_eq!(answered(said.as_bytes()), Err(Ok(code)), "{said:?}");
    }
}

#[test]
fn what_is_not_of_the_protocol_ends_it() {
    let long = [b"D ".as_slice(), &[b'1'; 999], b"\nOK\n"].concat();
    let much = [
        b"D ".as_slice(),
        &[b'1'; 900],
        b"\nD ",
        &[b'1'; 900],
        b"\nOK\n",
    ]
    .concat();
    let endless = b"S X\n".repeat(MOST_LINES);
    for said in [
        b"INQUIRE QUALITY 1234\nOK\n".as_slice(),
        b"OKAY\n",
        b"ok\n",
        b"\n",
        b"ERR\n",
        b"ERR x\n",
        b"ERR +99\n",
        b"ERR -1\n",
        b"ERR 99999999999\n",
        b"D %\nOK\n",
        b"D %3\nOK\n",
        b"D %zz\nOK\n",
        b"D %ff\nOK\n",
        b"D \xff\nOK\n",
        b"OK\r\n",
        &long,
        &much,
        &endless,
    ] {
        let shown = String::from_utf8_lossy(said);
        assert_eq!(answered(said), Err(Err(Broken::Protocol)), "{shown:?}");
    }
    for said in [b"".as_slice(), b"D 1234\n", b"OK"] {
        assert_eq!(answered(said), Err(Err(Broken::Closed)));
    }
}

#[test]
fn what_is_sent_is_one_line_whatever_it_says() {
    assert_eq!(line("BYE", "").unwrap(), b"BYE\n");
    assert_eq!(
        line("SETDESC", "100 %\r\nGETPIN\\").unwrap(),
        b"SETDESC 100 %25%0D%0AGETPIN%5C\n"
    );
    assert_eq!(
        line("SETDESC", "暗証番号").unwrap(),
        "SETDESC 暗証番号\n".as_bytes()
    );
    assert_eq!(line("S", &"x".repeat(998)).unwrap().len(), 1001);
    assert_eq!(line("S", &"x".repeat(999)), Err(Broken::TooLong));
    assert_eq!(line("S", &"%".repeat(333)), Err(Broken::TooLong));
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic_or_read_on_for_ever(said: Vec<u8>) {
        let _ = answered(&said);
    }

    #[test]
    fn every_text_arrives_as_it_was(typed in "\\PC{0,80}") {
        let mut sent = line("D", &typed).unwrap();
        sent.extend(b"OK\n");
        prop_assert_eq!(answered(&sent), Ok(typed));
    }
}
