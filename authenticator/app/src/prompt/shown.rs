//! Makes what others wrote fit to be shown in a window of the system.
//!
//! Windows of some pinentries take mark-up, draw whatever direction is asked for, and do not break long lines. And whoever
//! chooses a name or an RP ID may choose one that looks like the rest of the text.

/// The longest RP ID or name that is shown whole, in characters.
const LONGEST_SITE: usize = 60;
const LONGEST_NAME: usize = 40;
/// How much is shown of the end of a reader's name that is too long.
const READERS_END: usize = 12;

/// An RP ID. Over CTAP it is any text: whatever no domain name has is spelt out, and of one that is too long the end is
/// shown, which says whose it is.
pub(crate) fn site(rp_id: &str) -> String {
    let mut spelt = String::new();
    for character in rp_id.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | ':') {
            spelt.push(character);
        } else {
            spelt.extend(character.escape_unicode());
        }
    }
    let count = spelt.chars().count();
    if count <= LONGEST_SITE {
        spelt
    } else {
        let end: String = spelt.chars().skip(count - (LONGEST_SITE - 1)).collect();
        format!("…{end}")
    }
}

/// A name, on one line, in quotation marks, so that it cannot pass for a part of the text. Empty if there is nothing to show.
pub(crate) fn name(foreign: &str) -> String {
    let line = one_line(foreign);
    if line.is_empty() {
        return line;
    }
    if line.chars().count() <= LONGEST_NAME {
        format!("“{line}”")
    } else {
        let start: String = line.chars().take(LONGEST_NAME - 1).collect();
        format!("“{start}…”")
    }
}

/// A reader's name, as [`name`]. Of one that is too long the end is shown as well: readers of one make differ in nothing else.
pub(crate) fn reader(foreign: &str) -> String {
    let line = one_line(foreign);
    let count = line.chars().count();
    if count <= LONGEST_NAME {
        return name(&line);
    }
    let start: String = line.chars().take(LONGEST_NAME - 1 - READERS_END).collect();
    let end: String = line.chars().skip(count - READERS_END).collect();
    format!("“{start}…{end}”")
}

fn one_line(foreign: &str) -> String {
    let plain = foreign.chars().filter(|character| !is_disguise(*character));
    let plain: String = plain.map(without_markup).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// Characters that cannot be seen or that rearrange the text around them: control (line breaks apart), format, private use, and
/// what combines without end.
fn is_disguise(character: char) -> bool {
    let control = character.is_control() && !character.is_whitespace();
    control
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{070F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{08E2}'
            | '\u{180B}'..='\u{180F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{20D0}'..='\u{20FF}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1345F}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{10FFFF}')
}

/// What could begin mark-up, or end the quotation, as a character that looks alike and does not.
fn without_markup(character: char) -> char {
    match character {
        '<' => '‹',
        '>' => '›',
        '&' => '＆',
        '“' | '”' | '„' | '‟' => '"',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_name_is_shown_as_it_is_and_anything_else_is_spelt_out() {
        assert_eq!(site("example.jp"), "example.jp");
        assert_eq!(site("xn--wgv71a119e.jp"), "xn--wgv71a119e.jp");
        assert_eq!(site("exаmple.jp"), "ex\\u{430}mple.jp");
        assert_eq!(site("a\n<b>\u{202e}"), "a\\u{a}\\u{3c}b\\u{3e}\\u{202e}");
    }

    #[test]
    fn of_a_long_rp_id_the_end_is_shown() {
        let long = format!("login.bank.example.{}.evil.example", "a".repeat(300));
        let shown = site(&long);
        assert_eq!(shown.chars().count(), LONGEST_SITE);
        assert!(shown.starts_with("…aaa") && shown.ends_with("aaa.evil.example"));
    }

    #[test]
    fn a_name_stays_on_its_line_and_in_its_quotation_marks() {
        for (name_given, shown) in [
            ("Example Co.", "“Example Co.”"),
            ("株式会社 例", "“株式会社 例”"),
            ("a\u{202e}b\u{200b}c\u{0}d", "“abcd”"),
            ("Bank\n\nSite: bank.example", "“Bank Site: bank.example”"),
            ("a\u{2028}b\tc", "“a b c”"),
            ("<b>x</b>&amp;", "“‹b›x‹/b›＆amp;”"),
            (
                "x” certificate: “not shown",
                "“x\" certificate: \"not shown”",
            ),
            ("z\u{300}\u{301}\u{302}", "“z”"),
            (" \u{200b}\n", ""),
            ("", ""),
        ] {
            assert_eq!(name(name_given), shown, "{name_given:?}");
        }
        let long = name(&"長".repeat(500));
        assert_eq!(long.chars().count(), LONGEST_NAME + 2);
        assert!(long.ends_with("…”"));
    }

    #[test]
    fn of_a_long_readers_name_both_ends_are_shown() {
        assert_eq!(reader("Virtual PCD 00 01"), "“Virtual PCD 00 01”");
        let long = |end| reader(&format!("Contactless Reader {} {end}", "0".repeat(60)));
        assert_eq!(long("00 00").chars().count(), LONGEST_NAME + 2);
        assert!(long("00 00").starts_with("“Contactless Reader 0"));
        assert!(long("01 00").ends_with("01 00”"));
    }
}
