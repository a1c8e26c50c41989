//! Pages for people.

mod account;
mod registration;

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
    api, assets,
    language::Language,
    problem::Problem,
    session,
    texts::{Pair, SAID_BY_THE_SCRIPT, Texts, problems},
};
use crate::{service::Service, store::StoreError};

pub(super) use account::account;
pub(super) use registration::{add_computer, link, make_link_code, register};

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
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    page: Page<'a>,
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    page: Page<'a>,
    pair: Pair,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble<'a> {
    page: Page<'a>,
    pair: Pair,
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

    /// What the page's script says of its own knowledge.
    fn said_by_the_script(&self) -> [Pair; SAID_BY_THE_SCRIPT.len()] {
        SAID_BY_THE_SCRIPT.map(|entry| entry.in_language(self.language))
    }

    /// What the page says where no script runs.
    fn without_script(&self) -> Pair {
        problems::NO_SCRIPT.in_language(self.language)
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

/// The log names the problem that a page tells of.
fn with(problem: Problem, mut page: Response) -> Response {
    page.extensions_mut().insert(problem);
    page
}

/// A page that cannot be shown because our side failed.
fn trouble(service: &Service, error: &dyn std::error::Error, language: Language) -> Response {
    tracing::error!(%error, "failed");
    problem_page(service, Problem::Internal, language)
}

fn problem_page(service: &Service, problem: Problem, language: Language) -> Response {
    let page = Page::for_name(service, None, language, "/");
    let template = Trouble {
        pair: problem.entry().in_language(language),
        page,
    };
    with(problem, render(&template, problem.status(), language))
}

pub(in crate::web) async fn home(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match Page::new(&service, &headers, language, "/").await {
        Ok(page) => render(&Home { page }, StatusCode::OK, language),
        Err(error) => trouble(&service, &error, language),
    }
}

pub(in crate::web) async fn sign_in(
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

/// Signing out without a script: the button is a form.
pub(in crate::web) async fn sign_out(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match api::end(&service, &headers).await {
        Ok(cookie) => (cookie, Redirect::to("/")).into_response(),
        Err(error) => trouble(&service, &error, language),
    }
}

pub(in crate::web) async fn not_found(
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
                pair: Problem::NotFound.entry().in_language(language),
                page,
            };
            let page = render(&template, StatusCode::NOT_FOUND, language);
            with(Problem::NotFound, page)
        }
        Err(error) => trouble(&service, &error, language),
    }
}
