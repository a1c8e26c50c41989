//! The whole practice hierarchy from a seed and a year.

use super::{
    Ca, CaTemplate, Credential, LeafTemplate, Marked, OtherName, Person, PkiError, key::KeySource,
    name::Name, person::Draft, profile,
};
use const_oid::ObjectIdentifier;
use rsa::RsaPrivateKey;
use std::{collections::HashMap, path::PathBuf};
use time::{Date, Month, OffsetDateTime, Time};

/// What to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many people: the first four are the cases described at [`generate`].
    pub people: usize,
    /// Equal seeds and years give equal files.
    pub seed: u64,
    /// The year in which the hierarchy is used: validities are laid around it.
    pub year: i32,
    /// A folder that remembers keys between runs; making one takes about half a second.
    pub key_cache: Option<PathBuf>,
}

impl Default for Options {
    /// Six people, seed 1, the present year, no remembered keys.
    fn default() -> Self {
        Options {
            people: 6,
            seed: 1,
            year: OffsetDateTime::now_utc().year(),
            key_cache: None,
        }
    }
}

/// The fewest people that show every case.
pub const FEWEST_PEOPLE: usize = 4;
const MOST_PEOPLE: usize = 99;

/// A practice hierarchy.
#[derive(Debug, Clone)]
pub struct Pki {
    /// The seed it was made from.
    pub seed: u64,
    /// The year it was made for.
    pub year: i32,
    /// Generations 1, 2, 3 of the authentication CA, all under one name.
    pub authentication_cas: Vec<Ca>,
    /// The signature CA.
    pub signature_ca: Ca,
    /// The people.
    pub people: Vec<Person>,
}

impl Pki {
    /// The authentication CA of a generation, counted from 1.
    pub fn authentication_ca(&self, generation: usize) -> Option<&Ca> {
        self.authentication_cas.get(generation.checked_sub(1)?)
    }

    /// The person with an identifier such as `p01`.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}

/// Generates a hierarchy for the year *Y*:
///
/// | | valid | |
/// |---|---|---|
/// | authentication CA 1 | *Y*−11 to *Y*−1 | expired |
/// | authentication CA 2 | *Y*−7 to *Y*+3 | |
/// | authentication CA 3 | *Y*−3 to *Y*+7 | |
/// | signature CA | *Y*−3 to *Y*+7 | |
/// | p01 | issued *Y*−1, until the fifth birthday | by CA 3 |
/// | p02 | issued *Y*−3, until the fifth birthday | by CA 2 |
/// | p03 | issued *Y*−8, until the fifth birthday | by CA 1: certificate and CA expired |
/// | p04 | issued *Y*−3, until the card itself expired in *Y*−1 | by CA 3: certificate expired |
/// | p05, p06, … | like p01 and p02 in turn | by CA 3, CA 2, … |
pub fn generate(options: &Options) -> Result<Pki, PkiError> {
    if !(FEWEST_PEOPLE..=MOST_PEOPLE).contains(&options.people) {
        return Err(PkiError::People {
            least: FEWEST_PEOPLE,
            most: MOST_PEOPLE,
        });
    }
    if !(1990..=2090).contains(&options.year) {
        return Err(PkiError::Year);
    }
    let source = KeySource {
        seed: options.seed,
        cache: options.key_cache.clone(),
    };
    let mut keys = source.keys(labels(options.people))?;
    let authentication_cas = authentication_cas(options.year, &mut keys)?;
    let signature_ca = signature_ca(options.year, &mut keys)?;
    let people = (1..=options.people)
        .map(|number| {
            let draft = Draft::new(
                number,
                options.year,
                source.rng(&format!("person {number}")),
            );
            person(
                number,
                options.year,
                draft,
                &authentication_cas,
                &signature_ca,
                &mut keys,
            )
        })
        .collect::<Result<_, _>>()?;
    Ok(Pki {
        seed: options.seed,
        year: options.year,
        authentication_cas,
        signature_ca,
        people,
    })
}

/// An RSA-2048 key that belongs to `label` under `options.seed`, for whatever a hierarchy does not
/// have: a forger, a second card.
pub fn key(options: &Options, label: &str) -> Result<RsaPrivateKey, PkiError> {
    let source = KeySource {
        seed: options.seed,
        cache: options.key_cache.clone(),
    };
    source.key(&format!("other/{label}"))
}

type Keys = HashMap<String, RsaPrivateKey>;

fn labels(people: usize) -> Vec<String> {
    let cas = [
        "authentication-ca-1",
        "authentication-ca-2",
        "authentication-ca-3",
        "signature-ca",
    ];
    let leaves = (1..=people).flat_map(|n| {
        [
            format!("p{n:02}/authentication"),
            format!("p{n:02}/signature"),
        ]
    });
    cas.map(str::to_owned).into_iter().chain(leaves).collect()
}

fn take(keys: &mut Keys, label: &str) -> Result<RsaPrivateKey, PkiError> {
    keys.remove(label).ok_or(PkiError::KeyMissing)
}

/// Dates, times and serial numbers in the manner of the three real generations.
fn authentication_cas(year: i32, keys: &mut Keys) -> Result<Vec<Ca>, PkiError> {
    let generations = [
        (
            vec![0x01],
            (year - 11, 10, 20, (3, 8, 13)),
            (year - 1, 10, 19),
        ),
        (
            vec![0x01, 0x33, 0xC3, 0x49],
            (year - 7, 9, 14, (23, 41, 59)),
            (year + 3, 9, 14),
        ),
        (
            vec![0x06, 0xD1, 0x80, 0x06],
            (year - 3, 7, 16, (1, 1, 4)),
            (year + 7, 7, 15),
        ),
    ];
    generations
        .into_iter()
        .zip(1..)
        .map(|((serial, from, until), generation)| {
            let template = CaTemplate {
                serial,
                not_before: instant(from.0, from.1, from.2, from.3),
                not_after: end_of_day_in_japan(until.0, until.1, until.2),
                ..CaTemplate::authentication()
            };
            Ca::self_signed(
                template,
                take(keys, &format!("authentication-ca-{generation}"))?,
            )
        })
        .collect()
}

fn signature_ca(year: i32, keys: &mut Keys) -> Result<Ca, PkiError> {
    let template = CaTemplate {
        serial: vec![0x06, 0x7C, 0x6A, 0x21],
        not_before: instant(year - 3, 7, 16, (0, 50, 27)),
        not_after: end_of_day_in_japan(year + 7, 7, 15),
        ..CaTemplate::signature()
    };
    Ca::self_signed(template, take(keys, "signature-ca")?)
}

fn person(
    number: usize,
    year: i32,
    mut draft: Draft,
    authentication_cas: &[Ca],
    signature_ca: &Ca,
    keys: &mut Keys,
) -> Result<Person, PkiError> {
    let id = format!("p{number:02}");
    let birth = draft.birth_date;
    let (generation, issued, until) = match number {
        2 => (2, date(year - 3, 5, 11), None),
        3 => (1, date(year - 8, 6, 19), None),
        // The card itself expires on the tenth birthday after its issue.
        4 => (3, date(year - 3, 8, 21), Some(birthday(birth, year - 1))),
        n if n % 2 == 1 => (3, date(year - 1, 10, 27), None),
        _ => (2, date(year - 3, 5, 11), None),
    };
    let until = until.unwrap_or_else(|| fifth_birthday_after(birth, issued));
    // The signature CA is younger than some certificates: their holders got a new one under it.
    let signature_issued = issued.max(date(year - 3, 8, 20));
    let signature_until = until.max(birthday(birth, year - 2));

    let ca = authentication_cas
        .get(generation - 1)
        .ok_or(PkiError::KeyMissing)?;
    let authentication = {
        let key = take(keys, &format!("{id}/authentication"))?;
        let template = authentication_template(&mut draft, issued, until);
        credential(ca, &template, key)?
    };
    let signature = {
        let key = take(keys, &format!("{id}/signature"))?;
        let template = signature_template(&mut draft, number, signature_issued, signature_until);
        credential(signature_ca, &template, key)?
    };
    Ok(Person {
        id,
        generation,
        municipality: draft.municipality,
        name: draft.name,
        birth_date: birth,
        sex: draft.sex,
        address: draft.address,
        pin: draft.pin,
        sign_pin: draft.sign_pin,
        authentication,
        signature,
    })
}

fn credential(
    ca: &Ca,
    template: &LeafTemplate,
    key: RsaPrivateKey,
) -> Result<Credential, PkiError> {
    Ok(Credential {
        certificate: ca.issue(template, &key)?,
        not_before: template.not_before,
        not_after: template.not_after,
        key,
    })
}

fn authentication_template(draft: &mut Draft, issued: Date, until: Date) -> LeafTemplate {
    let place = draft.municipality;
    let common_name = format!("{}{}003A", draft.opaque(14), place.code);
    LeafTemplate {
        serial: draft.serial(),
        subject: Name::japan().common_name(&common_name),
        not_before: at(issued, (1, 35, 42)),
        not_after: at(until, END_OF_DAY_IN_JAPAN),
        crl_distribution_point: Some(Marked::plain(profile::distribution_point(
            profile::AUTHENTICATION_UNIT,
            place.prefecture,
            place.name,
        ))),
        ..LeafTemplate::authentication()
    }
}

fn signature_template(draft: &mut Draft, number: usize, issued: Date, until: Date) -> LeafTemplate {
    let place = draft.municipality;
    let common_name = format!(
        "{:04}{:02}{:02}101500{number:05}{}003A",
        issued.year(),
        u8::from(issued.month()),
        issued.day(),
        place.code
    );
    LeafTemplate {
        serial: draft.serial(),
        subject: Name::japan()
            .locality(place.prefecture)
            .locality(place.name)
            .common_name(&common_name),
        not_before: at(issued, (1, 35, 57)),
        not_after: at(until, END_OF_DAY_IN_JAPAN),
        subject_alt_name: Some(Marked::plain(holder(draft))),
        crl_distribution_point: Some(Marked::plain(profile::distribution_point(
            profile::SIGNATURE_UNIT,
            place.prefecture,
            place.name,
        ))),
        ..LeafTemplate::signature()
    }
}

/// Name, birth date, sex, address, and for name and address one flag per character that tells
/// whether it stands in for another; in the order of the real certificates.
fn holder(draft: &Draft) -> Vec<OtherName> {
    let birth = draft.birth_date;
    let era = match birth.year() {
        ..1989 => 3,
        1989..2019 => 4,
        _ => 5,
    };
    let attribute = |last_arc: &str, value: String| OtherName {
        oid: ObjectIdentifier::new_unwrap(&format!("1.2.392.200149.8.5.5.{last_arc}")),
        value,
    };
    let flags = |text: &str| "0".repeat(text.chars().count());
    vec![
        attribute("1", draft.name.clone()),
        attribute(
            "4",
            format!(
                "{era}{:04}{:02}{:02}",
                birth.year(),
                u8::from(birth.month()),
                birth.day()
            ),
        ),
        attribute("3", draft.sex.to_string()),
        attribute("5", draft.address.clone()),
        attribute("2", flags(&draft.name)),
        attribute("6", flags(&draft.address)),
    ]
}

/// 23:59:59 in Japan.
const END_OF_DAY_IN_JAPAN: (u8, u8, u8) = (14, 59, 59);

fn date(year: i32, month: u8, day: u8) -> Date {
    Month::try_from(month)
        .ok()
        .and_then(|month| Date::from_calendar_date(year, month, day).ok())
        .unwrap_or(Date::MIN)
}

fn at(date: Date, (hour, minute, second): (u8, u8, u8)) -> i64 {
    let time = Time::from_hms(hour, minute, second).unwrap_or(Time::MIDNIGHT);
    date.with_time(time).assume_utc().unix_timestamp()
}

/// Unix seconds of a UTC date and time; what is not one counts as the beginning of time.
pub fn instant(year: i32, month: u8, day: u8, time: (u8, u8, u8)) -> i64 {
    at(date(year, month, day), time)
}

/// Unix seconds of 23:59:59 in Japan, where every real validity ends.
pub fn end_of_day_in_japan(year: i32, month: u8, day: u8) -> i64 {
    instant(year, month, day, END_OF_DAY_IN_JAPAN)
}

/// Birth dates here are never 29 February.
fn birthday(birth: Date, year: i32) -> Date {
    birth.replace_year(year).unwrap_or(birth)
}

fn fifth_birthday_after(birth: Date, issued: Date) -> Date {
    let first = if birthday(birth, issued.year()) > issued {
        issued.year()
    } else {
        issued.year() + 1
    };
    birthday(birth, first + 4)
}
