//! Every address of the server.

use std::rc::Rc;

use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::IngredientId;
use utoipa::OpenApi;

use crate::accounts::handlers::{
    begin_image_upload, change_password, change_phone, confirm_verification, consents,
    delete_profile_image, export, me, receive_image, recover_login_id, refresh,
    request_verification, reset_password, second_factor, sessions, set_profile_image, show_image,
    sign_in, sign_in_second, sign_up, social, staff, withdraw,
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
pub(crate) const SESSIONS_SECOND_FACTOR: &str = "/api/v1/auth/sessions/second-factor";
pub(crate) const SESSION_CURRENT: &str = "/api/v1/auth/sessions/current";
pub(crate) const SESSION: &str = "/api/v1/auth/sessions/{id}";
pub(crate) const SOCIAL: &str = "/api/v1/auth/social/{provider}";
pub(crate) const SOCIAL_CALLBACK: &str = "/api/v1/auth/social/{provider}/callback";
pub(crate) const SOCIAL_EXCHANGE: &str = "/api/v1/auth/social/exchange";
const KAKAO_UNLINKED: &str = "/api/v1/auth/social/kakao/unlink-notice";
pub(crate) const MY_SOCIAL: &str = "/api/v1/me/social/{provider}";
pub(crate) const REAUTHENTICATIONS: &str = "/api/v1/me/reauthentications";
pub(crate) const ME: &str = "/api/v1/me";
pub(crate) const MY_EXPORT: &str = "/api/v1/me/export";
pub(crate) const ERASURE_RECEIPT: &str = "/api/v1/erasure-receipts/{id}";
pub(crate) const MY_PASSWORD: &str = "/api/v1/me/password";
pub(crate) const MY_PHONE: &str = "/api/v1/me/phone";
pub(crate) const LOGIN_ID_RECOVERY: &str = "/api/v1/auth/login-id-recovery";
pub(crate) const PASSWORD_RESET: &str = "/api/v1/auth/password-reset";
pub(crate) const MY_IMAGE: &str = "/api/v1/me/profile-image";
pub(crate) const MY_IMAGE_UPLOADS: &str = "/api/v1/me/profile-image/uploads";
pub(crate) const IMAGE_UPLOAD: &str = "/profile-image-uploads/{id}";
pub(crate) const PROFILE_IMAGE: &str = "/profile-images/{name}";
pub(crate) const MY_CONSENTS: &str = "/api/v1/me/consents";
pub(crate) const MY_CONSENT: &str = "/api/v1/me/consents/{kind}";
pub(crate) const MY_SECOND_FACTOR: &str = "/api/v1/me/second-factor";
pub(crate) const MY_SECOND_FACTOR_CONFIRMATION: &str = "/api/v1/me/second-factor/confirmation";
pub(crate) const ADMIN_USERS: &str = "/api/v1/admin/users";
pub(crate) const ADMIN_USER_ROLE: &str = "/api/v1/admin/users/{id}/role";
pub(crate) const ADMIN_USER_SUSPENSION: &str = "/api/v1/admin/users/{id}/suspension";

/// Address of one ingredient.
pub(crate) fn ingredient(id: IngredientId) -> String {
    INGREDIENT.replace("{id}", &id.to_string())
}

/// Address of the products that hold one ingredient.
pub(crate) fn ingredient_medicines(id: IngredientId) -> String {
    INGREDIENT_MEDICINES.replace("{id}", &id.to_string())
}

/// Address of a picture.
pub(crate) fn profile_image(name: &str) -> String {
    PROFILE_IMAGE.replace("{name}", name)
}

/// Address that an upload is sent to; the signature needs no encoding.
pub(crate) fn image_upload(id: &str, signature: &str) -> String {
    format!("{}?signature={signature}", IMAGE_UPLOAD.replace("{id}", id))
}

/// Every route with who may call it and whose budget it takes from; there are no others. The first
/// match wins: fixed names stand before `{id}`.
fn table() -> Vec<Entry> {
    let mut table = reading();
    table.extend(of_staff());
    table.extend(of_accounts());
    table.extend(of_images());
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

/// What is somebody's by law or keeps him safe, suspended or not.
const MINE: Access = Access::MEMBER.even_suspended();

fn of_accounts() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Detail, SignIn, Sms, Writes};
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
            .on(Method::GET, MINE, Detail, sessions::list_sessions)
            .on(Method::DELETE, MINE, Writes, sessions::end_all),
        at(SESSIONS_REFRESH).on(Method::POST, A::PUBLIC, Writes, refresh::refresh),
        at(SESSION_CURRENT).on(Method::DELETE, MINE, Writes, sessions::end_current),
        at(SESSION).on(Method::DELETE, MINE, Writes, sessions::end_session),
        at(ME)
            .on(Method::GET, MINE, Detail, me::show_me)
            .on(Method::PATCH, A::MEMBER, Writes, me::change_me)
            .on(Method::DELETE, MINE, SignIn, withdraw::withdraw),
        at(MY_EXPORT).on(Method::GET, MINE, SignIn, export::export_me),
        reads(ERASURE_RECEIPT, A::PUBLIC, SignIn, withdraw::show_receipt),
        at(MY_PASSWORD).on(
            Method::PUT,
            A::MEMBER,
            SignIn,
            change_password::change_password,
        ),
        at(MY_PHONE).on(Method::PUT, A::MEMBER, SignIn, change_phone::change_phone),
        at(LOGIN_ID_RECOVERY).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            recover_login_id::recover_login_id,
        ),
        at(PASSWORD_RESET).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            reset_password::reset_password,
        ),
        at(MY_CONSENTS).on(Method::GET, MINE, Detail, consents::list_consents),
        at(MY_CONSENT).on(Method::PUT, MINE, Writes, consents::change_consent),
    ]
}

fn of_staff() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Admin, SignIn};
    vec![
        at(SESSIONS_SECOND_FACTOR).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            sign_in_second::sign_in_second,
        ),
        at(MY_SECOND_FACTOR)
            .on(Method::POST, A::MEMBER, SignIn, second_factor::propose)
            .on(Method::DELETE, A::MEMBER, SignIn, second_factor::remove),
        at(MY_SECOND_FACTOR_CONFIRMATION).on(
            Method::POST,
            A::MEMBER,
            SignIn,
            second_factor::confirm,
        ),
        reads(ADMIN_USERS, A::ADMIN, Admin, staff::find_users),
        at(ADMIN_USER_ROLE).on(Method::PUT, A::ADMIN, Admin, staff::change_role),
        at(ADMIN_USER_SUSPENSION)
            .on(Method::PUT, A::ADMIN, Admin, staff::suspend)
            .on(Method::DELETE, A::ADMIN, Admin, staff::unsuspend),
    ]
}

fn of_images() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Pages, Writes};
    vec![
        at(MY_IMAGE_UPLOADS).on(
            Method::POST,
            A::MEMBER,
            Writes,
            begin_image_upload::begin_image_upload,
        ),
        at(MY_IMAGE)
            .on(
                Method::PUT,
                A::MEMBER,
                Writes,
                set_profile_image::set_profile_image,
            )
            .on(
                Method::DELETE,
                MINE,
                Writes,
                delete_profile_image::delete_profile_image,
            ),
        at(IMAGE_UPLOAD).on(Method::PUT, A::PUBLIC, Writes, receive_image::receive_image),
        reads(PROFILE_IMAGE, A::PUBLIC, Pages, show_image::show_image),
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
        (name = "admin", description = "Roles and suspension of members (관리자)"),
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
        withdraw::withdraw,
        withdraw::show_receipt,
        export::export_me,
        change_password::change_password,
        change_phone::change_phone,
        recover_login_id::recover_login_id,
        reset_password::reset_password,
        consents::list_consents,
        consents::change_consent,
    sign_in_second::sign_in_second,
    second_factor::propose,
    second_factor::confirm,
    second_factor::remove,
    staff::find_users,
    staff::change_role,
    staff::suspend,
    staff::unsuspend,
    begin_image_upload::begin_image_upload,
    set_profile_image::set_profile_image,
    delete_profile_image::delete_profile_image,
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
