//! The account page: who vouched, and what each credential proves.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};

use super::{App, Lang, Page, render, trouble};
use crate::{
    service::Service,
    web::{
        account::{self, Account, Key, Kind, ShownCredential, VouchedBy},
        dates::{self, Shown},
        language::Language,
        texts::Texts,
    },
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    page: Page<'a>,
    since: Shown,
    vouched: Option<Vouched<'a>>,
    rows: Vec<Row<'a>>,
    account: &'a Account,
}

struct Vouched<'a> {
    badge: &'static str,
    note: Option<&'static str>,
    issuer: &'a str,
    profile: &'a str,
    generation: &'a str,
    from: i32,
    until: i32,
    verified: Shown,
    not_after: Shown,
    expired: bool,
    renewal_near: bool,
    revocation: &'static str,
    revocation_text: &'static str,
}

struct Row<'a> {
    kind_code: &'static str,
    kind: &'a str,
    key: &'static str,
    algorithm: &'static str,
    current: bool,
    recent: bool,
    created: Shown,
    used: Option<Shown>,
    proven_registration: &'static str,
    proven_sign_in: &'static str,
}

pub(in crate::web) async fn account(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    let account = match account::of(&service, &headers).await {
        Ok(Some(account)) => account,
        Ok(None) => return Redirect::to("/sign-in").into_response(),
        Err(error) => return trouble(&service, &error, language),
    };
    let page = Page::for_name(
        &service,
        Some(account.account_name.clone()),
        language,
        "/account",
    );
    let template = AccountPage {
        since: dates::day(account.created_at, language),
        vouched: account
            .vouched_by()
            .map(|by| vouched(&service, by, page.t, language)),
        rows: account
            .credentials
            .iter()
            .map(|credential| row(&service, credential, page.t, language))
            .collect(),
        account: &account,
        page,
    };
    render(&template, StatusCode::OK, language)
}

/// An issuer as people know it; a profile that is no longer trusted has only its name.
fn issuer<'a>(service: &'a Service, profile: &'a str, language: Language) -> &'a str {
    service
        .profiles
        .get(profile)
        .map_or(profile, |found| found.title(language.tag()))
}

fn vouched<'a>(
    service: &'a Service,
    by: &'a VouchedBy,
    t: &'static Texts,
    language: Language,
) -> Vouched<'a> {
    let (badge, note) = if by.is_practice() {
        (t.badge_practice, Some(t.note_practice))
    } else if by.is_test() {
        (t.badge_test, Some(t.note_test))
    } else {
        ("", None)
    };
    Vouched {
        badge,
        note,
        issuer: issuer(service, &by.profile, language),
        profile: &by.profile,
        generation: &by.generation,
        from: dates::year(by.generation_from),
        until: dates::year(by.generation_until),
        verified: dates::moment(by.verified_at, language),
        not_after: dates::day(by.not_after, language),
        expired: by.expired,
        renewal_near: by.renewal_near,
        revocation: by.revocation,
        revocation_text: if by.is_unchecked() {
            t.revocation_not_checked
        } else {
            t.revocation_good
        },
    }
}

fn row<'a>(
    service: &'a Service,
    credential: &'a ShownCredential,
    t: &'static Texts,
    language: Language,
) -> Row<'a> {
    // A card is called by its issuer's title: it need not be a My Number Card.
    let card = credential
        .vouched_by
        .as_ref()
        .map_or("", |by| issuer(service, &by.profile, language));
    let (kind_code, kind, proven_registration) = match credential.kind {
        Kind::EidCard => ("eid-card", card, t.proven_registration_eid),
        Kind::Passkey => ("passkey", t.kind_passkey, t.proven_registration_passkey),
    };
    let (key, proven_sign_in) = match credential.key {
        Key::Card => (t.key_card, t.proven_sign_in_card),
        Key::Sealed => (t.key_sealed, t.proven_sign_in_eid),
        Key::Other => ("", t.proven_sign_in_passkey),
    };
    Row {
        kind_code,
        kind,
        key,
        algorithm: match credential.algorithm {
            -7 => "ES256",
            -257 => "RS256",
            _ => "",
        },
        current: credential.current,
        recent: credential.recent,
        created: dates::moment(credential.created_at, language),
        used: credential
            .last_used_at
            .map(|seconds| dates::moment(seconds, language)),
        proven_registration,
        proven_sign_in,
    }
}
