//! Every address of the three providers.

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{Context, Operation, authorize, google, kakao, naver};

pub(crate) fn naver(context: &Context) -> Router<Context> {
    let gated = |operation, routes| context.gated(operation, routes);
    let token = get(naver::token).post(naver::token);
    Router::new()
        .route(
            "/naver/oauth2.0/authorize",
            gated(Operation::NaverAuthorize, get(authorize::naver)),
        )
        .route("/naver/oauth2.0/token", gated(Operation::NaverToken, token))
        .route(
            "/naver/v1/nid/me",
            gated(Operation::NaverProfile, get(naver::profile)),
        )
}

pub(crate) fn google(context: &Context) -> Router<Context> {
    let gated = |operation, routes| context.gated(operation, routes);
    Router::new()
        .route(
            "/google/.well-known/openid-configuration",
            gated(Operation::GoogleDiscovery, get(google::discovery)),
        )
        .route(
            "/google/oauth2/v3/certs",
            gated(Operation::GoogleKeys, get(google::keys)),
        )
        .route(
            "/google/o/oauth2/v2/auth",
            gated(Operation::GoogleAuthorize, get(authorize::google)),
        )
        .route(
            "/google/token",
            gated(Operation::GoogleToken, post(google::token)),
        )
        .route(
            "/google/v1/userinfo",
            gated(Operation::GoogleUserinfo, get(google::userinfo)),
        )
        .route(
            "/google/revoke",
            gated(Operation::GoogleRevoke, post(google::revoke)),
        )
}

pub(crate) fn kakao(context: &Context) -> Router<Context> {
    let gated = |operation, routes| context.gated(operation, routes);
    let user = get(kakao::user).post(kakao::user);
    Router::new()
        .route(
            "/kakao/.well-known/openid-configuration",
            gated(Operation::KakaoDiscovery, get(kakao::discovery)),
        )
        .route(
            "/kakao/.well-known/jwks.json",
            gated(Operation::KakaoKeys, get(kakao::keys)),
        )
        .route(
            "/kakao/oauth/authorize",
            gated(Operation::KakaoAuthorize, get(authorize::kakao)),
        )
        .route(
            "/kakao/oauth/token",
            gated(Operation::KakaoToken, post(kakao::token)),
        )
        .route("/kakao/v2/user/me", gated(Operation::KakaoUser, user))
        .route(
            "/kakao/v1/oidc/userinfo",
            gated(Operation::KakaoUserinfo, get(kakao::userinfo)),
        )
        .route(
            "/kakao/v1/user/unlink",
            gated(Operation::KakaoUnlink, post(kakao::unlink)),
        )
}

/// What the front door of each of them answers when what is behind it is down.
pub(crate) fn error_page(status: StatusCode) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (
        status,
        kind,
        format!("<html><title>{status}</title></html>\n"),
    )
        .into_response()
}
