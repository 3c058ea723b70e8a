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

/// What a page will show: its modules are asked for with the page, not one after the other by those
/// that need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Search,
    Medicine,
    Compare,
    None,
}

impl View {
    /// Whether a line of the shell belongs to this view's pages.
    fn takes(self, line: &str) -> bool {
        let of = |name: &str| line.contains(&format!("data-for=\"{name}\""));
        match self {
            Self::Search => of("search"),
            Self::Medicine => of("medicine"),
            Self::Compare => of("compare"),
            Self::None => false,
        }
    }
}

/// The template of a view's pages.
#[derive(Debug)]
struct Frame {
    pictured: Template<Place>,
    /// The same without the lines that name an image.
    plain: Template<Place>,
}

impl Frame {
    fn new(shell: &str, view: View) -> io::Result<Self> {
        let lines = shell
            .lines()
            .filter(|line| !line.contains("data-for=") || view.takes(line));
        let pictured = lines.collect::<Vec<_>>();
        let plain = pictured.iter().filter(|line| !line.contains("{{image}}"));
        let plain = plain.copied().collect::<Vec<_>>().join("\n");
        Ok(Self {
            pictured: Template::new(&pictured.join("\n"), Place::named)?,
            plain: Template::new(&plain, Place::named)?,
        })
    }
}

/// The templates of all pages, with the address of their files.
#[derive(Debug)]
pub(crate) struct Shell {
    search: Frame,
    medicine: Frame,
    compare: Frame,
    none: Frame,
    assets: String,
}

impl Shell {
    /// The shell among `assets`.
    ///
    /// # Errors
    /// Where it has a place that nobody fills.
    pub(crate) fn new(assets: &Assets) -> io::Result<Self> {
        let shell = assets.shell();
        Ok(Self {
            search: Frame::new(shell, View::Search)?,
            medicine: Frame::new(shell, View::Medicine)?,
            compare: Frame::new(shell, View::Compare)?,
            none: Frame::new(shell, View::None)?,
            assets: assets.base(),
        })
    }

    fn answer(
        &self,
        request: &HttpRequest,
        view: View,
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
        let frame = match view {
            View::Search => &self.search,
            View::Medicine => &self.medicine,
            View::Compare => &self.compare,
            View::None => &self.none,
        };
        let template = if headings.image.is_empty() {
            &frame.plain
        } else {
            &frame.pictured
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
        self.answer(request, View::None, StatusCode::NOT_FOUND, &headings)
    }

    fn refused(&self, request: &HttpRequest, view: View, error: &CatalogueError) -> HttpResponse {
        if matches!(error, CatalogueError::Loading) {
            let headings = Headings::loading();
            return self.answer(request, view, StatusCode::SERVICE_UNAVAILABLE, &headings);
        }
        let headings = Headings::unknown_medicine();
        self.answer(request, view, StatusCode::NOT_FOUND, &headings)
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
    shell.answer(&request, View::Search, StatusCode::OK, &headings)
}

/// `GET /medicines/{id}`
pub(crate) async fn medicine(
    request: HttpRequest,
    shell: web::Data<Shell>,
    catalogue: web::Data<Catalogue>,
) -> HttpResponse {
    let view = View::Medicine;
    let Some(id) = request.match_info().get("id").and_then(id) else {
        let headings = Headings::unknown_medicine();
        return shell.answer(&request, view, StatusCode::NOT_FOUND, &headings);
    };
    match service::headline(&catalogue, id) {
        Ok(medicine) => {
            let headings = Headings::medicine(medicine);
            shell.answer(&request, view, StatusCode::OK, &headings)
        }
        Err(error) => shell.refused(&request, view, &error),
    }
}

/// `GET /compare`: the comparison of two, or the box to choose them from.
pub(crate) async fn compare(
    request: HttpRequest,
    shell: web::Data<Shell>,
    catalogue: web::Data<Catalogue>,
) -> HttpResponse {
    let view = View::Compare;
    let ids = parameter(&request, "ids").unwrap_or_default();
    let Some(ids) = different_ids(&ids) else {
        let headings = Headings::unknown_medicine();
        return shell.answer(&request, view, StatusCode::NOT_FOUND, &headings);
    };
    let [a, b] = ids[..] else {
        return shell.answer(&request, view, StatusCode::OK, &Headings::compare_box());
    };
    let pair = service::headline(&catalogue, a)
        .and_then(|a| service::headline(&catalogue, b).map(|b| Headings::comparison(&a, &b)));
    match pair {
        Ok(headings) => shell.answer(&request, view, StatusCode::OK, &headings),
        Err(error) => shell.refused(&request, view, &error),
    }
}

/// The ids of `a,b`, each once; nothing where one of them is none. Like the script, which shows the
/// box to choose from where they aren't two.
fn different_ids(text: &str) -> Option<Vec<MedicineId>> {
    let mut ids = Vec::new();
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        let id = id(part)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Some(ids)
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

#[cfg(test)]
mod tests {
    use super::{View, different_ids};

    #[test]
    fn a_line_belongs_to_its_view_only() {
        let line = r#"<link data-for="compare">"#;
        assert!(View::Compare.takes(line));
        for other in [View::Search, View::Medicine, View::None] {
            assert!(!other.takes(line), "{other:?}");
        }
    }

    #[test]
    fn ids_of_an_address_are_read_as_the_script_reads_them() {
        let count = |text| different_ids(text).map(|ids| ids.len());
        assert_eq!(count("1,2"), Some(2));
        assert_eq!(count(" 1 , 2 ,"), Some(2));
        assert_eq!(count("1,1"), Some(1));
        assert_eq!(count("1,2,3"), Some(3));
        assert_eq!(count("1,b"), None);
        assert_eq!(count(""), Some(0));
    }
}
