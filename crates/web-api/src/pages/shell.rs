//! The frame of every page: the browser's script fills it, its head is written here, so that titles
//! and shared cards are right without a script.

use std::io;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::FixedOffset;
use domain::catalogue::MedicineId;
use url::form_urlencoded;

use super::assets::Assets;
use super::headings::Headings;
use super::template::Template;
use crate::catalogue::{Catalogue, CatalogueError, service};
use crate::http::cacheable::{self, Freshness};
use crate::http::render::Finished;

/// Scripts, styles and data from here, photos from the ministry too, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' https://nedrug.mfds.go.kr data:; connect-src 'self'; \
                      manifest-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'";

const HTML: &str = "text/html; charset=utf-8";
/// Seconds after which a catalogue that is being loaded may be there.
const LOADING_SECONDS: &str = "5";
/// Korea's time is nine hours ahead, all year.
const KOREA: i32 = 9 * 3600;

/// What the template leaves open.
#[derive(Debug, Clone, Copy)]
enum Place {
    Assets,
    Title,
    Heading,
    Description,
    Image,
    Card,
    Robots,
    AsOf,
    AsOfText,
}

impl Place {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "assets" => Self::Assets,
            "title" => Self::Title,
            "heading" => Self::Heading,
            "description" => Self::Description,
            "image" => Self::Image,
            "card" => Self::Card,
            "robots" => Self::Robots,
            "as_of" => Self::AsOf,
            "as_of_text" => Self::AsOfText,
            _ => return None,
        })
    }
}

/// The template of all pages, with the address of their files.
#[derive(Debug)]
pub(crate) struct Shell {
    pictured: Template<Place>,
    /// The same without the lines that name an image.
    plain: Template<Place>,
    assets: String,
}

impl Shell {
    /// The shell among `assets`.
    ///
    /// # Errors
    /// Where it has a place that nobody fills.
    pub(crate) fn new(assets: &Assets) -> io::Result<Self> {
        let pictured = assets.shell();
        let plain = pictured.lines().filter(|line| !line.contains("{{image}}"));
        let plain = plain.collect::<Vec<_>>().join("\n");
        Ok(Self {
            pictured: Template::new(pictured, Place::named)?,
            plain: Template::new(&plain, Place::named)?,
            assets: assets.base(),
        })
    }

    fn answer(
        &self,
        request: &HttpRequest,
        status: StatusCode,
        headings: &Headings,
    ) -> HttpResponse {
        let synced = request
            .app_data::<web::Data<Catalogue>>()
            .and_then(|catalogue| service::synced_at(catalogue))
            .zip(FixedOffset::east_opt(KOREA))
            .map(|(time, korea)| time.with_timezone(&korea));
        let date = |format| synced.map(|day| day.format(format).to_string());
        let as_of = date("%Y-%m-%d").unwrap_or_default();
        let as_of_text = date("%Y년 %-m월 %-d일").unwrap_or_else(|| "준비 중".to_owned());
        let template = if headings.image.is_empty() {
            &self.plain
        } else {
            &self.pictured
        };
        let text = template.fill(|place| match place {
            Place::Assets => &self.assets,
            Place::Title => &headings.title,
            Place::Heading => &headings.heading,
            Place::Description => &headings.description,
            Place::Image => &headings.image,
            Place::Card if headings.image.is_empty() => "summary",
            Place::Card => "summary_large_image",
            Place::Robots if headings.listed => "index, follow",
            Place::Robots => "noindex, follow",
            Place::AsOf => &as_of,
            Place::AsOfText => &as_of_text,
        });
        let mut response = if status == StatusCode::OK {
            cacheable::bytes(request, Freshness::Public, HTML, text.into_bytes())
        } else {
            failed(status, text)
        };
        let policy = HeaderValue::from_static(POLICY);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }

    /// The page for an address that is nothing's.
    pub(crate) fn unknown_address(&self, request: &HttpRequest) -> HttpResponse {
        let headings = Headings::unknown_address();
        self.answer(request, StatusCode::NOT_FOUND, &headings)
    }

    fn refused(&self, request: &HttpRequest, error: &CatalogueError) -> HttpResponse {
        if matches!(error, CatalogueError::Loading) {
            let headings = Headings::loading();
            return self.answer(request, StatusCode::SERVICE_UNAVAILABLE, &headings);
        }
        let headings = Headings::unknown_medicine();
        self.answer(request, StatusCode::NOT_FOUND, &headings)
    }
}

fn failed(status: StatusCode, text: String) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response
        .content_type(HTML)
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, LOADING_SECONDS));
    }
    let mut response = response.body(text);
    response.extensions_mut().insert(Finished);
    response
}

/// Whether a person's browser asks, and not for data: the API has one form of errors for all.
pub(crate) fn is_for_people(request: &HttpRequest) -> bool {
    let reads = request.method().is_safe();
    let accept = request.headers().get(header::ACCEPT);
    let html = accept
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"));
    reads && html && !request.path().starts_with("/api/")
}

/// `GET /`: the start, or the results of a search.
pub(crate) async fn home(request: HttpRequest, shell: web::Data<Shell>) -> HttpResponse {
    let class = || match parameter(&request, "class")?.as_str() {
        "otc" => Some("일반의약품".to_owned()),
        "prescription" => Some("전문의약품".to_owned()),
        _ => None,
    };
    let sought = ["query", "type", "maker"]
        .into_iter()
        .find_map(|name| parameter(&request, name))
        .or_else(class);
    let headings = sought.map_or_else(Headings::home, |sought| Headings::results(&sought));
    shell.answer(&request, StatusCode::OK, &headings)
}

/// `GET /medicines/{id}`
pub(crate) async fn medicine(
    request: HttpRequest,
    shell: web::Data<Shell>,
    catalogue: web::Data<Catalogue>,
) -> HttpResponse {
    let Some(id) = request.match_info().get("id").and_then(id) else {
        let headings = Headings::unknown_medicine();
        return shell.answer(&request, StatusCode::NOT_FOUND, &headings);
    };
    match service::headline(&catalogue, id) {
        Ok(medicine) => shell.answer(&request, StatusCode::OK, &Headings::medicine(medicine)),
        Err(error) => shell.refused(&request, &error),
    }
}

/// `GET /compare`: the comparison of two, or the box to choose them from.
pub(crate) async fn compare(
    request: HttpRequest,
    shell: web::Data<Shell>,
    catalogue: web::Data<Catalogue>,
) -> HttpResponse {
    let ids = parameter(&request, "ids").unwrap_or_default();
    let Some((a, b)) = ids.split_once(',') else {
        return shell.answer(&request, StatusCode::OK, &Headings::compare_box());
    };
    let (Some(a), Some(b)) = (id(a), id(b)) else {
        let headings = Headings::unknown_medicine();
        return shell.answer(&request, StatusCode::NOT_FOUND, &headings);
    };
    let pair = service::headline(&catalogue, a)
        .and_then(|a| service::headline(&catalogue, b).map(|b| Headings::comparison(&a, &b)));
    match pair {
        Ok(headings) => shell.answer(&request, StatusCode::OK, &headings),
        Err(error) => shell.refused(&request, &error),
    }
}

fn id(text: &str) -> Option<MedicineId> {
    text.trim().parse().ok()
}

/// A parameter of a page's address. Addresses are typed and cut by people: what is unknown or broken
/// is left out here, and told by the script, which asks the API.
fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}
