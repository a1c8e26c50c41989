//! JSON endpoints: the two ceremonies, the account, signing out.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{FromRequest, Request, State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    account,
    language::Language,
    problem::{self, Problem},
    session::{self, Token},
};
use crate::{
    ceremony::{Asked, Refusal},
    config::Config,
    people::{LINK_CODE_SECONDS, LinkCodeProblem},
    service::Service,
    store::Session,
};

type App = State<Arc<Service>>;
type Lang = Extension<Language>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartAuthentication {
    account_name: Option<String>,
}

/// An empty object: nothing to say, and still JSON, which no form can send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A JSON body whose refusals are told as all others are.
pub(super) struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let language = request
            .extensions()
            .get::<Language>()
            .copied()
            .unwrap_or_default();
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => {
                let problem = match &rejection {
                    JsonRejection::MissingJsonContentType(_) => Problem::NotJson,
                    other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
                    _ => Problem::Malformed,
                };
                Err(problem.in_language(language).into_response())
            }
        }
    }
}

/// Adds the session's cookie, where there is a new one.
fn with_cookie(mut response: Response, token: Option<&Token>, config: &Config) -> Response {
    if let Some(cookie) = token.and_then(|token| token.cookie(config)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The session a ceremony was started in; without one there is no ceremony to finish.
async fn started_by(service: &Service, headers: &HeaderMap) -> Result<Session, Refusal> {
    session::current(service, headers)
        .await?
        .ok_or(Refusal::ChallengeUnknown)
}

pub(super) async fn start_registration(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    Body(asked): Body<Asked>,
) -> Response {
    let started = async {
        let (session, token) = session::current_or_new(&service, &headers).await?;
        let options = service.start_registration(&session, &asked).await?;
        Ok((options, token))
    };
    match started.await {
        Ok((options, token)) => with_cookie(
            Json(options).into_response(),
            token.as_ref(),
            &service.config,
        ),
        Err(refusal) => problem::refused(&refusal, "registration", language),
    }
}

pub(super) async fn finish_registration(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    Body(credential): Body<Value>,
) -> Response {
    let finished = async {
        let session = started_by(&service, &headers).await?;
        let registered = service.finish_registration(&session, credential).await?;
        let token = session::sign_in(
            &service,
            &session,
            registered.person.id,
            registered.credential,
        )
        .await?;
        Ok((registered, token))
    };
    match finished.await {
        Ok((registered, token)) => {
            tracing::info!(
                ceremony = "registration",
                account = registered.account.as_str(),
                profile = registered.profile.as_deref().unwrap_or("-"),
                "done"
            );
            let body = Json(json!({ "account_name": registered.person.account_name }));
            with_cookie(
                (StatusCode::CREATED, body).into_response(),
                Some(&token),
                &service.config,
            )
        }
        Err(refusal) => problem::refused(&refusal, "registration", language),
    }
}

pub(super) async fn start_authentication(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    Body(body): Body<StartAuthentication>,
) -> Response {
    let started = async {
        let (session, token) = session::current_or_new(&service, &headers).await?;
        let options = service
            .start_authentication(&session, body.account_name.as_deref())
            .await?;
        Ok((options, token))
    };
    match started.await {
        Ok((options, token)) => with_cookie(
            Json(options).into_response(),
            token.as_ref(),
            &service.config,
        ),
        Err(refusal) => problem::refused(&refusal, "authentication", language),
    }
}

pub(super) async fn finish_authentication(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    Body(credential): Body<Value>,
) -> Response {
    let finished = async {
        let session = started_by(&service, &headers).await?;
        let signed_in = service.finish_authentication(&session, credential).await?;
        let token = session::sign_in(
            &service,
            &session,
            signed_in.person.id,
            signed_in.credential,
        )
        .await?;
        Ok((signed_in, token))
    };
    match finished.await {
        Ok((signed_in, token)) => {
            tracing::info!(ceremony = "authentication", "done");
            let body = Json(json!({ "account_name": signed_in.person.account_name }));
            with_cookie(body.into_response(), Some(&token), &service.config)
        }
        Err(refusal) => problem::refused(&refusal, "authentication", language),
    }
}

pub(super) async fn show_account(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match account::of(&service, &headers).await {
        Ok(Some(account)) => Json(account).into_response(),
        Ok(None) => Problem::NotSignedIn.in_language(language).into_response(),
        Err(error) => problem::failed(&error, language),
    }
}

pub(super) async fn make_link_code(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
    Body(Nothing {}): Body<Nothing>,
) -> Response {
    match link_code(&service, &headers).await {
        Ok(Some(code)) => {
            let body = Json(json!({ "code": code, "expires_in": LINK_CODE_SECONDS }));
            (StatusCode::CREATED, body).into_response()
        }
        Ok(None) => Problem::NotSignedIn.in_language(language).into_response(),
        Err(error) => problem::failed(&error, language),
    }
}

/// A new link code for whoever is signed in, as people read it.
pub(super) async fn link_code(
    service: &Service,
    headers: &HeaderMap,
) -> Result<Option<String>, LinkCodeProblem> {
    let session = session::current(service, headers).await?;
    let Some(person) = session.and_then(|session| session.person) else {
        return Ok(None);
    };
    let code = service.make_link_code(person.id, LINK_CODE_SECONDS).await?;
    tracing::info!("a link code was made");
    Ok(Some(code.shown()))
}

pub(super) async fn sign_out(
    State(service): App,
    Extension(language): Lang,
    headers: HeaderMap,
) -> Response {
    match end(&service, &headers).await {
        Ok(response) => (response, StatusCode::NO_CONTENT).into_response(),
        Err(error) => problem::failed(&error, language),
    }
}

/// Ends the request's session: in the store, and in the browser.
pub(super) async fn end(
    service: &Service,
    headers: &HeaderMap,
) -> Result<HeaderMap, crate::store::StoreError> {
    if let Some(session) = session::current(service, headers).await? {
        service.store.end_session(&session.token_hash).await?;
    }
    let mut answer = HeaderMap::new();
    if let Some(cookie) = session::removal(&service.config) {
        answer.append(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}
