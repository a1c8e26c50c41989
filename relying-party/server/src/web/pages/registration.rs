//! Where credentials come from: registration, a code entered, a code made.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{Extensions, HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};

use super::{App, Lang, Page, problem_page, render, trouble};
use crate::{
    config::{Conveyance, CredentialOrder},
    service::Service,
    web::{api, client, language::Language, problem::Problem, texts::Pair},
};

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

/// What a registration has to show.
struct Asks {
    /// Why nobody can register at present.
    closed: Option<Pair>,
    required: bool,
    offered: bool,
    /// Whether the person chooses the kind of credential here.
    choice: bool,
    /// What the operator's choice means for the person.
    card_key: Option<&'static str>,
}

impl Asks {
    fn new(service: &Service, language: Language) -> Self {
        let t = language.texts();
        let order = service.config.credentials.order;
        Self {
            closed: service
                .closed()
                .map(|why| Problem::from(why).entry().in_language(language)),
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

pub(in crate::web) async fn register(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/register").await {
        Ok(page) => {
            let asks = Asks::new(&service, language);
            render(&Register { page, asks }, StatusCode::OK, language)
        }
        Err(error) => trouble(&service, &error, language),
    }
}

/// Where a link code is entered. Whoever is signed in needs none.
pub(in crate::web) async fn link(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/link").await {
        Ok(page) if page.account_name.is_some() => Redirect::to("/register").into_response(),
        Ok(page) => {
            let asks = Asks::new(&service, language);
            render(&Link { page, asks }, StatusCode::OK, language)
        }
        Err(error) => trouble(&service, &error, language),
    }
}

/// Tells how another computer is added, before a code is made.
pub(in crate::web) async fn add_computer(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    show_code(&service, &headers, None, language).await
}

/// Makes a link code and shows it, this once.
pub(in crate::web) async fn make_link_code(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    if let Err(refusal) = client::count(&service, &headers, &extensions).await {
        return problem_page(&service, Problem::from(&refusal), language);
    }
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
