use super::*;

#[test]
fn other_encodings_of_the_same_value_are_refused() {
    let cases: &[(&str, &[u8], EncodingFault)] = &[
        (
            "indefinite length",
            &[0x30, 0x80, 0, 0],
            EncodingFault::Length,
        ),
        (
            "long form for 1",
            &[0x04, 0x81, 1, 7],
            EncodingFault::Length,
        ),
        (
            "two length bytes for 128",
            &[&[0x04, 0x82, 0, 0x80][..], &[0; 128]].concat(),
            EncodingFault::Length,
        ),
        (
            "three length bytes",
            &[0x04, 0x83, 0, 0, 1, 7],
            EncodingFault::Length,
        ),
        ("true as 1", &[1, 1, 1], EncodingFault::Value("a BOOLEAN")),
        (
            "padded integer",
            &[2, 2, 0, 1],
            EncodingFault::Value("an INTEGER"),
        ),
        (
            "padded negative integer",
            &[2, 2, 0xff, 0x80],
            EncodingFault::Value("an INTEGER"),
        ),
        ("empty integer", &[2, 0], EncodingFault::Value("an INTEGER")),
        (
            "unused bits set",
            &[3, 2, 1, 1],
            EncodingFault::Value("a BIT STRING"),
        ),
        (
            "eight unused bits",
            &[3, 2, 8, 0],
            EncodingFault::Value("a BIT STRING"),
        ),
        (
            "unused bits of nothing",
            &[3, 1, 1],
            EncodingFault::Value("a BIT STRING"),
        ),
        (
            "null with contents",
            &[5, 1, 0],
            EncodingFault::Value("a NULL"),
        ),
        (
            "padded subidentifier",
            &[6, 3, 0x55, 0x80, 1],
            EncodingFault::Value("an OBJECT IDENTIFIER"),
        ),
        (
            "unfinished subidentifier",
            &[6, 2, 0x55, 0x81],
            EncodingFault::Value("an OBJECT IDENTIFIER"),
        ),
        (
            "padded relative object identifier",
            &[13, 2, 0x80, 1],
            EncodingFault::Value("an OBJECT IDENTIFIER"),
        ),
        (
            "letter in NumericString",
            b"\x12\x01a",
            EncodingFault::Value("a NumericString"),
        ),
        (
            "line break in VisibleString",
            b"\x1a\x01\n",
            EncodingFault::Value("a VisibleString"),
        ),
        (
            "half a character in BMPString",
            &[0x1e, 3, 0, b'a', 0],
            EncodingFault::Value("a BMPString"),
        ),
        (
            "surrogates in BMPString",
            &[0x1e, 4, 0xd8, 0x40, 0xdc, 0x0b],
            EncodingFault::Value("a BMPString"),
        ),
        (
            "constructed octet string",
            &[0x24, 3, 4, 1, 7],
            EncodingFault::Tag,
        ),
        ("end-of-contents", &[0x30, 2, 0, 0], EncodingFault::Tag),
        ("long tag", &[0x1f, 0x1f, 0], EncodingFault::Tag),
        (
            "set out of order",
            &[0x31, 6, 2, 1, 2, 2, 1, 1],
            EncodingFault::SetOrder,
        ),
        (
            "time without seconds",
            b"\x17\x0b2501010000Z",
            EncodingFault::Value("a UTCTime"),
        ),
        (
            "time with an offset",
            b"\x17\x112501010000+0900",
            EncodingFault::EndsEarly,
        ),
        (
            "at sign in PrintableString",
            b"\x13\x01@",
            EncodingFault::Value("a PrintableString"),
        ),
        (
            "trailing bytes",
            &[5, 0, 0],
            EncodingFault::TrailingBytes { bytes: 1 },
        ),
        ("nothing", &[], EncodingFault::EndsEarly),
        ("tag only", &[5], EncodingFault::EndsEarly),
        ("cut off", &[4, 2, 1], EncodingFault::EndsEarly),
        (
            "cut off in a length",
            &[4, 0x82, 1],
            EncodingFault::EndsEarly,
        ),
        (
            "cut off before a length of one byte",
            &[4, 0x81],
            EncodingFault::EndsEarly,
        ),
        (
            "cut off before a length of two",
            &[4, 0x82],
            EncodingFault::EndsEarly,
        ),
        (
            "IA5String beyond ASCII",
            &[0x16, 1, 0xe9],
            EncodingFault::Value("an IA5String"),
        ),
        (
            "unfinished subidentifier that ends in zeros",
            &[6, 3, 0x55, 0x81, 0x80],
            EncodingFault::Value("an OBJECT IDENTIFIER"),
        ),
    ];
    for (name, bytes, fault) in cases {
        assert_eq!(check(bytes), Err(*fault), "{name}");
    }
}

#[test]
fn the_one_encoding_of_a_value_is_read() {
    for bytes in [
        &b"\x0c\x03\xe6\x97\xa5"[..],
        b"\x0d\x02\x81\x01",
        b"\x12\x0303 ",
        b"\x13\x02A?",
        b"\x16\x01@",
        b"\x1a\x02 ~",
        b"\x1e\x04\x65\xe5\x00a",
        b"\x17\x0d250101000000Z",
        b"\x18\x0f20500101000000Z",
        &[1, 1, 0],
        &[2, 2, 0, 0x80],
        &[2, 2, 0xff, 0x7f],
        &[3, 1, 0],
        &[3, 2, 1, 2],
        &[5, 0],
        &[6, 4, 0x81, 0x80, 0x80, 1],
        &[0x31, 6, 2, 1, 1, 2, 1, 2],
        &[0x31, 6, 2, 1, 1, 2, 1, 1],
    ] {
        assert_eq!(check(bytes), Ok(()), "{bytes:02x?}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let mut value = vec![5, 0];
    for _ in 0..MAX_DEPTH {
        value = [&[0x30, u8::try_from(value.len()).unwrap()], &value[..]].concat();
    }
    assert_eq!(check(&value), Ok(()));
    value = [&[0x30, u8::try_from(value.len()).unwrap()], &value[..]].concat();
    assert_eq!(check(&value), Err(EncodingFault::TooDeep));
}
