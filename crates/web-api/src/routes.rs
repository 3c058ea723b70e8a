//! Every address of the server.

use std::rc::Rc;

use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::IngredientId;
use utoipa::OpenApi;

use crate::accounts::handlers::{
    change_password, confirm_verification, consents, me, refresh, request_verification, sessions,
    sign_in, sign_up, social,
};
use crate::catalogue::handlers::{
    compare_medicines, list_ingredient_medicines, list_types, search_medicines, show_composition,
    show_ingredient, show_medicine, suggest_ingredients, suggest_medicines,
};
use crate::http::access::Access;
use crate::http::guard::guarded;
use crate::http::problem::{FieldErrorSchema, Problem, ProblemSchema};
use crate::http::problem_texts::Message;
use crate::http::rate::RateClass;
use crate::http::table::{Declared, DeclaredRoute, Entry, Rules, at, reads};
use crate::pages::shell::Shell;
use crate::pages::{api_document, assets, shell, swagger};

pub(crate) const HOME: &str = "/";
pub(crate) const MEDICINE_PAGE: &str = "/medicines/{id}";
pub(crate) const COMPARE_PAGE: &str = "/compare";
const ASSETS: &str = "/assets/{version}/{file:.*}";
pub(crate) const API_DOCUMENT: &str = "/api-docs/openapi.json";
pub(crate) const SWAGGER: &str = "/swagger-ui/";
const SWAGGER_BARE: &str = "/swagger-ui";
const SWAGGER_FILES: &str = "/swagger-ui/{file:.*}";
pub(crate) const MEDICINES: &str = "/api/v1/medicines";
pub(crate) const MEDICINES_SUGGEST: &str = "/api/v1/medicines/suggest";
pub(crate) const COMPARE: &str = "/api/v1/medicines/compare";
pub(crate) const MEDICINE: &str = "/api/v1/medicines/{id}";
pub(crate) const COMPOSITION: &str = "/api/v1/medicines/{id}/composition";
pub(crate) const MEDICINE_TYPES: &str = "/api/v1/medicine-types";
pub(crate) const INGREDIENTS_SUGGEST: &str = "/api/v1/ingredients/suggest";
pub(crate) const INGREDIENT: &str = "/api/v1/ingredients/{id}";
pub(crate) const INGREDIENT_MEDICINES: &str = "/api/v1/ingredients/{id}/medicines";

pub(crate) const PHONE_VERIFICATIONS: &str = "/api/v1/auth/phone-verifications";
pub(crate) const PHONE_VERIFICATION_CONFIRM: &str = "/api/v1/auth/phone-verifications/{id}/confirm";
pub(crate) const USERS: &str = "/api/v1/users";
pub(crate) const AVAILABILITY: &str = "/api/v1/users/availability";
pub(crate) const SESSIONS: &str = "/api/v1/auth/sessions";
pub(crate) const SESSIONS_REFRESH: &str = "/api/v1/auth/sessions/refresh";
pub(crate) const SESSION_CURRENT: &str = "/api/v1/auth/sessions/current";
pub(crate) const SESSION: &str = "/api/v1/auth/sessions/{id}";
pub(crate) const SOCIAL: &str = "/api/v1/auth/social/{provider}";
pub(crate) const SOCIAL_CALLBACK: &str = "/api/v1/auth/social/{provider}/callback";
pub(crate) const SOCIAL_EXCHANGE: &str = "/api/v1/auth/social/exchange";
const KAKAO_UNLINKED: &str = "/api/v1/auth/social/kakao/unlink-notice";
pub(crate) const MY_SOCIAL: &str = "/api/v1/me/social/{provider}";
pub(crate) const REAUTHENTICATIONS: &str = "/api/v1/me/reauthentications";
pub(crate) const ME: &str = "/api/v1/me";
pub(crate) const MY_PASSWORD: &str = "/api/v1/me/password";
pub(crate) const MY_CONSENTS: &str = "/api/v1/me/consents";
pub(crate) const MY_CONSENT: &str = "/api/v1/me/consents/{kind}";

/// Address of one ingredient.
pub(crate) fn ingredient(id: IngredientId) -> String {
    INGREDIENT.replace("{id}", &id.to_string())
}

/// Address of the products that hold one ingredient.
pub(crate) fn ingredient_medicines(id: IngredientId) -> String {
    INGREDIENT_MEDICINES.replace("{id}", &id.to_string())
}

/// Every route with who may call it and whose budget it takes from; there are no others. The first
/// match wins: fixed names stand before `{id}`.
fn table() -> Vec<Entry> {
    let mut table = reading();
    table.extend(of_accounts());
    table.extend(of_social());
    #[cfg(feature = "bench")]
    table.push(crate::http::replay::entry());
    table
}

fn reading() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Detail, Pages, Search};
    vec![
        reads(
            MEDICINES,
            A::PUBLIC,
            Search,
            search_medicines::search_medicines,
        ),
        reads(
            MEDICINES_SUGGEST,
            A::PUBLIC,
            Search,
            suggest_medicines::suggest_medicines,
        ),
        reads(
            COMPARE,
            A::PUBLIC,
            Detail,
            compare_medicines::compare_medicines,
        ),
        reads(MEDICINE, A::PUBLIC, Detail, show_medicine::show_medicine),
        reads(
            COMPOSITION,
            A::PUBLIC,
            Detail,
            show_composition::show_composition,
        ),
        reads(MEDICINE_TYPES, A::PUBLIC, Detail, list_types::list_types),
        reads(
            INGREDIENTS_SUGGEST,
            A::PUBLIC,
            Search,
            suggest_ingredients::suggest_ingredients,
        ),
        reads(
            INGREDIENT,
            A::PUBLIC,
            Detail,
            show_ingredient::show_ingredient,
        ),
        reads(
            INGREDIENT_MEDICINES,
            A::PUBLIC,
            Search,
            list_ingredient_medicines::list_ingredient_medicines,
        ),
        reads(HOME, A::PUBLIC, Pages, shell::home),
        reads(MEDICINE_PAGE, A::PUBLIC, Pages, shell::medicine),
        reads(COMPARE_PAGE, A::PUBLIC, Pages, shell::compare),
        reads(ASSETS, A::PUBLIC, Pages, assets::file),
        reads(API_DOCUMENT, A::PUBLIC, Pages, api_document::document),
        reads(SWAGGER_BARE, A::PUBLIC, Pages, swagger::moved),
        reads(SWAGGER_FILES, A::PUBLIC, Pages, swagger::file),
    ]
}

fn of_accounts() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Detail, SignIn, Sms, Writes};
    /// What is somebody's by law or keeps him safe, suspended or not.
    const MINE: Access = Access::MEMBER.even_suspended();
    vec![
        at(PHONE_VERIFICATIONS).on(
            Method::POST,
            A::PUBLIC,
            Sms,
            request_verification::request_verification,
        ),
        at(PHONE_VERIFICATION_CONFIRM).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            confirm_verification::confirm_verification,
        ),
        at(USERS).on(Method::POST, A::PUBLIC, SignIn, sign_up::sign_up),
        reads(AVAILABILITY, A::PUBLIC, SignIn, sign_up::availability),
        at(SESSIONS)
            .on(Method::POST, A::PUBLIC, SignIn, sign_in::sign_in)
            .on(Method::GET, A::MEMBER, Detail, sessions::list_sessions)
            .on(Method::DELETE, MINE, Writes, sessions::end_all),
        at(SESSIONS_REFRESH).on(Method::POST, A::PUBLIC, Writes, refresh::refresh),
        at(SESSION_CURRENT).on(Method::DELETE, MINE, Writes, sessions::end_current),
        at(SESSION).on(Method::DELETE, MINE, Writes, sessions::end_session),
        at(ME).on(Method::GET, MINE, Detail, me::show_me).on(
            Method::PATCH,
            A::MEMBER,
            Writes,
            me::change_me,
        ),
        at(MY_PASSWORD).on(
            Method::PUT,
            A::MEMBER,
            SignIn,
            change_password::change_password,
        ),
        at(MY_CONSENTS).on(Method::GET, MINE, Detail, consents::list_consents),
        at(MY_CONSENT).on(Method::PUT, MINE, Writes, consents::change_consent),
    ]
}

/// Sign-in by other services. Kakao's notice proves itself by the admin key.
fn of_social() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Internal, SignIn, Writes};
    const MINE: Access = Access::MEMBER.even_suspended();
    let notice = social::notice::kakao_unlinked;
    vec![
        at(SOCIAL_EXCHANGE).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            social::exchange::exchange_social,
        ),
        at(SOCIAL).on(Method::GET, A::PUBLIC, SignIn, social::begin::begin_social),
        at(SOCIAL_CALLBACK).on(Method::GET, A::PUBLIC, SignIn, social::callback::end_social),
        at(KAKAO_UNLINKED)
            .on(Method::POST, A::INTERNAL, Internal, notice)
            .on(Method::GET, A::INTERNAL, Internal, notice),
        at(MY_SOCIAL)
            .on(Method::PUT, A::MEMBER, SignIn, social::link::link_social)
            .on(Method::DELETE, MINE, Writes, social::link::unlink_social),
        at(REAUTHENTICATIONS).on(
            Method::POST,
            MINE,
            SignIn,
            social::reauthenticate::reauthenticate,
        ),
    ]
}

/// Registers everything.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    for entry in table() {
        config.service(entry.into_service());
    }
    let rules = Rc::new(Rules::nowhere(RateClass::Pages));
    let guard = from_fn(move |request, next| guarded(Rc::clone(&rules), request, next));
    config.default_service(web::to(unknown).wrap(guard));
}

/// Every route that there is, for tests of who may call it.
#[must_use]
pub fn declared() -> Vec<DeclaredRoute> {
    table().iter().flat_map(Entry::declared).collect()
}

/// Every address that there is.
pub(crate) fn addresses() -> Declared {
    Declared::new(&table())
}

/// The OpenAPI document of the API. `tests/it/openapi.rs` holds it against the addresses above.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pillnuts",
        description = "Korean medicines: search, read, compare. Data of the Ministry of Food and Drug Safety (식품의약품안전처). Ids are strings. Errors are RFC 9457 problem details, in Korean or (`Accept-Language: en`) English. Reads carry a weak `ETag` and answer 304; `HEAD` works wherever `GET` does.",
    ),
    servers((url = "/", description = "this server")),
    tags(
        (name = "medicines", description = "Find, read and compare medicines (의약품)"),
        (name = "ingredients", description = "Active ingredients and additives (성분)"),
        (name = "accounts", description = "Sign-up, sign-in, devices, one's own profile (회원)"),
    ),
    paths(
        search_medicines::search_medicines,
        suggest_medicines::suggest_medicines,
        compare_medicines::compare_medicines,
        show_medicine::show_medicine,
        show_composition::show_composition,
        list_types::list_types,
        suggest_ingredients::suggest_ingredients,
        show_ingredient::show_ingredient,
        list_ingredient_medicines::list_ingredient_medicines,
        request_verification::request_verification,
        confirm_verification::confirm_verification,
        sign_up::sign_up,
        sign_up::availability,
        sign_in::sign_in,
        refresh::refresh,
        sessions::list_sessions,
        sessions::end_session,
        sessions::end_current,
        sessions::end_all,
        me::show_me,
        me::change_me,
        change_password::change_password,
        consents::list_consents,
        consents::change_consent,
        social::begin::begin_social,
        social::callback::end_social,
        social::exchange::exchange_social,
        social::link::link_social,
        social::link::unlink_social,
        social::reauthenticate::reauthenticate,
    ),
    components(schemas(ProblemSchema, FieldErrorSchema)),
)]
pub(crate) struct ApiDocument;

/// People get a page, programs a problem.
async fn unknown(request: HttpRequest, shell: web::Data<Shell>) -> Result<HttpResponse, Problem> {
    if shell::is_for_people(&request) {
        return Ok(shell.unknown_address(&request));
    }
    Err(Problem::of_status(StatusCode::NOT_FOUND).with_detail(Message::UnknownPath))
}
