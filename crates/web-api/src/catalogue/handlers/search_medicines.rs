//! `GET /medicines`

use actix_web::{HttpRequest, HttpResponse, web};
use service_kit::problem::ProblemKind;
use unicode_normalization::UnicodeNormalization as _;

use super::{MAX_QUERY, page};
use crate::catalogue::answers::{SaleClass, SearchAnswer};
use crate::catalogue::service::{Facet, Filters, SearchRequest, Sort, search, search_without};
use crate::catalogue::snapshot::Field;
use crate::catalogue::{Catalogue, CatalogueError, Given};
use crate::http::caller::Caller;
use crate::http::openapi::{Problems, Unauthorized};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::{Message, Narrow};
use crate::marks::MarkBook;
use crate::routes;

const KNOWN: &[&str] = &[
    "query",
    "by",
    "class",
    "type",
    "maker",
    "excludeAllergens",
    "facets",
    "sort",
    "page",
    "pageSize",
];
const FIELDS: &[&str] = &["name", "type", "ingredient", "maker"];
const CLASSES: &[&str] = &["otc", "prescription"];
const SORTS: &[&str] = &["popular", "name"];
const FACETS: &[&str] = &["class", "type", "maker"];

/// Searches medicines that are for sale.
///
/// Spaces, brackets, punctuation and case don't matter, nor does the Unicode form (NFC, NFD, full
/// width) or the spelling of a unit (`500밀리그람`, `500 ㎎`). First letters (`ㅌㅇㄹㄴ`), half-typed
/// syllables as an input method shows them (`타일` on the way to 타이레놀), the wrong keyboard layout
/// (`xkdlfpshf`), words in any order with maker or ingredient among them (`500 타이레놀`, `아세트아미노펜
/// 타이레놀`) and one wrong letter (`타이래놀`) are understood; the last only where nothing else is
/// found, and never in a number, a form or a release (서방, 이알 …). Hits are ordered by match (exact,
/// prefix, contains, initials or layout, fuzzy), then by `sort`, then by name and id; likelier slips
/// come before rarer ones, whatever people wish. Without `query` all medicines are
/// listed. An unknown parameter is refused with 422: a misspelt filter that is silently left out
/// would answer another question.
#[utoipa::path(
    get,
    path = routes::MEDICINES,
    operation_id = "searchMedicines",
    tag = "medicines",
    params(
        ("query" = Option<String>, Query, min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", example = "타이레놀",
            description = "What to look for; at least a letter or a digit. A syllable counts once, however it is written."),
        ("by" = inline(Option<FieldName>), Query,
            description = "Where to look: the name (Korean and English; the default), the therapeutic type, the active ingredients, or the maker."),
        ("class" = inline(Option<SaleClass>), Query, description = "Only over the counter, or only on prescription."),
        ("type" = Option<String>, Query, min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", example = "해열.진통.소염제",
            description = "Only of this therapeutic type: its name as facets and `/medicine-types` give it, or one of its parts (`진통`). What no product has finds nothing."),
        ("maker" = Option<String>, Query, min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", example = "삼진제약(주)",
            description = "Only of this maker: its name as facets give it."),
        ("excludeAllergens" = Option<bool>, Query,
            description = "Leaves out every medicine with an `allergyWarnings` (danger and caution) and says in `hidden` how many that were; what isn't known stays, marked. For signed-in users, else 401; 503 `allergies_unavailable` where the allergies can't be loaded."),
        ("facets" = Option<String>, Query, pattern = "^(class|type|maker)(,(class|type|maker))*$", example = "class,type",
            description = "What to count over all hits: any of class, type, maker, separated by commas. A filter narrows the counts of the other facets, never those of its own."),
        ("sort" = inline(Option<SortName>), Query, description = "Most wished first (the default), or by name."),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "From 1, which is the default."),
        ("pageSize" = Option<u32>, Query, minimum = 1, maximum = 100, description = "20 by default."),
    ),
    responses((status = 200, description = "A page of what was found.", body = SearchAnswer), Unauthorized, Problems),
)]
pub(crate) async fn search_medicines(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let mut without_allergens = None;
    let given = catalogue.answer(
        &request,
        |request| {
            let wanted = read(request)?;
            if !wanted.without_allergens {
                return Ok(wanted);
            }
            // What is his own is nothing that is kept for all.
            without_allergens = Some(wanted);
            Err(Problem::new(ProblemKind::Unauthorized).with_detail(Message::AllergensNeedSignIn))
        },
        search,
    );
    if let (Some(member), Some(wanted)) = (caller.member(), without_allergens) {
        // Signing in again would not help him.
        if member.suspended {
            let why = Narrow::AccountSuspended;
            return Err(Problem::narrow(ProblemKind::Forbidden, why));
        }
        let view = catalogue.view()?;
        let allergies = marks.allergies(&member.id, &view.snapshot).await;
        let allergies = allergies.ok_or(CatalogueError::AllergiesUnavailable)?;
        let found = search_without(&view, &wanted, &allergies)?;
        let given = Given::of(view, &found)?;
        return marks.respond(&request, &caller, &given).await;
    }
    marks.respond(&request, &caller, &given?).await
}

fn read(request: &HttpRequest) -> Result<SearchRequest, Problem> {
    let mut parameters = Parameters::read(request, KNOWN)?;
    let fields = [Field::Name, Field::Type, Field::Ingredient, Field::Maker];
    let mut wanted = SearchRequest {
        query: parameters.plain_text("query", MAX_QUERY),
        by: parameters
            .choice("by", FIELDS, &fields)
            .unwrap_or(Field::Name),
        filters: Filters {
            class: parameters.choice("class", CLASSES, &[SaleClass::Otc, SaleClass::Prescription]),
            r#type: filter(&mut parameters, "type"),
            maker: filter(&mut parameters, "maker"),
        },
        sort: parameters
            .choice("sort", SORTS, &[Sort::Popular, Sort::Name])
            .unwrap_or_default(),
        facets: parameters.choices("facets", FACETS, &[Facet::Class, Facet::Type, Facet::Maker]),
        page: page(&mut parameters),
        without_allergens: false,
    };
    wanted.without_allergens = parameters.boolean("excludeAllergens");
    parameters.finish()?;
    Ok(wanted)
}

/// A value that facets gave, in the form that names are stored in.
fn filter(parameters: &mut Parameters, name: &str) -> Option<String> {
    let value = parameters.plain_text(name, MAX_QUERY)?;
    if value.is_empty() {
        parameters.refuse(name, Message::Required);
    }
    Some(value.nfc().collect())
}

/// Words of `by`.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the words of a parameter in OpenAPI")]
enum FieldName {
    Name,
    Type,
    Ingredient,
    Maker,
}

/// Words of `sort`.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the words of a parameter in OpenAPI")]
enum SortName {
    Popular,
    Name,
}
