//! The OpenAPI document.

use utoipa::OpenApi;

use crate::accounts::handlers::{
    audit, begin_image_upload, change_password, change_phone, confirm_verification, consents,
    delete_profile_image, export, me, recover_login_id, refresh, request_verification,
    reset_password, second_factor, sessions, set_profile_image, sign_in, sign_in_second, sign_up,
    social, staff, withdraw,
};
use crate::allergies::handlers::{add_allergy, list_allergies, remove_allergy};
use crate::catalogue::handlers::{
    compare_medicines, describe_ingredient, list_ingredient_medicines, list_types,
    search_medicines, show_composition, show_ingredient, show_medicine, suggest_ingredients,
    suggest_medicines,
};
use crate::compare_box::handlers as compare_box;
use crate::content::handlers::{admin_events, admin_quotes, list_events, random_quote};
use crate::http::problem::{FieldErrorSchema, ProblemSchema};
use crate::mfds::handlers as syncs;
use crate::wishes::handlers as wishes;

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
        (name = "admin", description = "What admins do: members, quotes, events, synchronisations, the audit (관리자)"),
        (name = "content", description = "Quotes about health, events (건강 명언, 이벤트)"),
        (name = "mine", description = "One's wishes, compare box and allergies (찜, 비교함, 알레르기)"),
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
    random_quote::random_quote,
    list_events::list_events,
    admin_quotes::list,
    admin_quotes::create,
    admin_quotes::update,
    admin_quotes::delete,
    admin_events::list,
    admin_events::create,
    admin_events::update,
    admin_events::delete,
    syncs::start,
    syncs::list,
    syncs::show,
    syncs::rejects,
    describe_ingredient::describe_ingredient,
    audit::list_audit,
    begin_image_upload::begin_image_upload,
    set_profile_image::set_profile_image,
    delete_profile_image::delete_profile_image,
    social::begin::begin_social,
    social::callback::end_social,
    social::exchange::exchange_social,
    social::link::link_social,
    social::link::unlink_social,
    social::reauthenticate::reauthenticate,
    wishes::list_wishes,
    wishes::add_wish,
    wishes::remove_wish,
    compare_box::show_box,
    compare_box::add_to_box,
    compare_box::remove_from_box,
    compare_box::merge_box,
        list_allergies::list_allergies,
        add_allergy::add_allergy,
        remove_allergy::remove_allergy,
    ),
    components(schemas(ProblemSchema, FieldErrorSchema)),
)]
pub(crate) struct ApiDocument;
