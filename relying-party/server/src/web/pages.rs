//! Pages for people.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    account::{self, Account, Key, Kind, ShownCredential, VouchedBy},
    api, assets,
    dates::{self, Shown},
    language::Language,
    problem::{Problem, Words},
    session,
    texts::Texts,
};
use crate::{
    config::{Conveyance, CredentialOrder},
    service::Service,
    store::StoreError,
};

type App = State<Arc<Service>>;
type Lang = Extension<Language>;

/// What every page shows.
struct Page<'a> {
    t: &'static Texts,
    language: Language,
    rp_name: &'a str,
    assets: String,
    practice: bool,
    path: &'static str,
    help_url: Option<&'a str>,
    /// Of whoever is signed in.
    account_name: Option<String>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: Page<'a>,
}

#[derive(Template)]
#[template(path = "register.html")]
struct Register<'a> {
    page: Page<'a>,
    asks: Asks,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Link<'a> {
    page: Page<'a>,
    asks: Asks,
}

#[derive(Template)]
#[template(path = "add_computer.html")]
struct AddComputer<'a> {
    page: Page<'a>,
    /// The code that was just made.
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    page: Page<'a>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    page: Page<'a>,
    since: Shown,
    vouched: Option<Vouched<'a>>,
    rows: Vec<Row<'a>>,
    account: &'a Account,
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    page: Page<'a>,
    action: &'static str,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble<'a> {
    page: Page<'a>,
    code: &'static str,
    words: Words,
}

/// What a registration has to show.
struct Asks {
    closed: Option<ClosedFor>,
    required: bool,
    offered: bool,
    /// Whether the person chooses the kind of credential here.
    choice: bool,
    /// What the operator's choice means for the person.
    card_key: Option<&'static str>,
}

/// Why nobody can register at present.
struct ClosedFor {
    code: &'static str,
    words: Words,
}

impl Asks {
    fn new(service: &Service, t: &'static Texts) -> Self {
        let order = service.config.credentials.order;
        Self {
            closed: service.closed().map(|why| {
                let problem = Problem::from(why);
                ClosedFor {
                    code: problem.code(),
                    words: t.problem(problem),
                }
            }),
            required: service.config.attestation.require,
            offered: service.config.attestation.conveyance != Conveyance::None,
            choice: order == CredentialOrder::Choice,
            card_key: match order {
                CredentialOrder::Pairwise | CredentialOrder::Choice => None,
                CredentialOrder::Card => Some(t.register_card_key_first),
                CredentialOrder::CardOnly => Some(t.register_card_key_only),
            },
        }
    }
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

impl<'a> Page<'a> {
    async fn new(
        service: &'a Service,
        headers: &HeaderMap,
        language: Language,
        path: &'static str,
    ) -> Result<Self, StoreError> {
        let session = session::current(service, headers).await?;
        Ok(Self::for_name(
            service,
            session
                .and_then(|session| session.person)
                .map(|person| person.account_name),
            language,
            path,
        ))
    }

    fn for_name(
        service: &'a Service,
        account_name: Option<String>,
        language: Language,
        path: &'static str,
    ) -> Self {
        Self {
            t: language.texts(),
            language,
            rp_name: &service.config.rp_name,
            assets: assets::folder(),
            practice: service.is_practice(),
            path,
            help_url: service.config.help_url.as_ref().map(Url::as_str),
            account_name,
        }
    }
}

fn render(template: &impl Template, status: StatusCode, language: Language) -> Response {
    match template.render() {
        Ok(html) => (
            status,
            [(header::CONTENT_LANGUAGE, language.tag())],
            Html(html),
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that cannot be shown because our side failed.
fn trouble(service: &Service, error: &dyn std::error::Error, language: Language) -> Response {
    tracing::error!(%error, "failed");
    problem_page(service, Problem::Internal, language)
}

fn problem_page(service: &Service, problem: Problem, language: Language) -> Response {
    let page = Page::for_name(service, None, language, "/");
    let template = Trouble {
        code: problem.code(),
        words: page.t.problem(problem),
        page,
    };
    render(&template, problem.status(), language)
}

pub(super) async fn home(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/").await {
        Ok(page) => render(&Home { page }, StatusCode::OK, language),
        Err(error) => trouble(&service, &error, language),
    }
}

pub(super) async fn register(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/register").await {
        Ok(page) => {
            let asks = Asks::new(&service, page.t);
            render(&Register { page, asks }, StatusCode::OK, language)
        }
        Err(error) => trouble(&service, &error, language),
    }
}

/// Where a link code is entered. Whoever is signed in needs none.
pub(super) async fn link(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/link").await {
        Ok(page) if page.account_name.is_some() => Redirect::to("/register").into_response(),
        Ok(page) => {
            let asks = Asks::new(&service, page.t);
            render(&Link { page, asks }, StatusCode::OK, language)
        }
        Err(error) => trouble(&service, &error, language),
    }
}

/// Tells how another computer is added, before a code is made.
pub(super) async fn add_computer(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    show_code(&service, &headers, None, language).await
}

/// Makes a link code and shows it, this once.
pub(super) async fn make_link_code(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match api::link_code(&service, &headers).await {
        Ok(code) => show_code(&service, &headers, code, language).await,
        Err(error) => trouble(&service, &error, language),
    }
}

async fn show_code(
    service: &Service,
    headers: &HeaderMap,
    code: Option<String>,
    language: Language,
) -> Response {
    match Page::new(service, headers, language, "/add-computer").await {
        Ok(page) if page.account_name.is_none() => Redirect::to("/sign-in").into_response(),
        Ok(page) => render(&AddComputer { page, code }, StatusCode::OK, language),
        Err(error) => trouble(service, &error, language),
    }
}

pub(super) async fn sign_in(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/sign-in").await {
        Ok(page) if page.account_name.is_some() => Redirect::to("/account").into_response(),
        Ok(page) => render(&SignIn { page }, StatusCode::OK, language),
        Err(error) => trouble(&service, &error, language),
    }
}

pub(super) async fn account(
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

/// Signing out without a script: the button is a form.
pub(super) async fn sign_out(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match api::end(&service, &headers).await {
        Ok(cookie) => (cookie, Redirect::to("/")).into_response(),
        Err(error) => trouble(&service, &error, language),
    }
}

pub(super) async fn not_found(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if uri.path().starts_with("/static/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Page::new(&service, &headers, language, "/").await {
        Ok(page) => {
            let template = NotFound {
                action: page.t.problem(Problem::NotFound).action,
                page,
            };
            render(&template, StatusCode::NOT_FOUND, language)
        }
        Err(error) => trouble(&service, &error, language),
    }
}
