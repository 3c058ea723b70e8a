//! The page's own files: read once at the start, served under a version that their content decides.

use std::collections::HashMap;
use std::io;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use xxhash_rust::xxh3::Xxh3;

use crate::http::cacheable::{Freshness, Rendered};
use crate::http::problem::Problem;

/// The files, in debug builds too: a binary that was copied elsewhere shows the same page.
#[derive(RustEmbed)]
#[folder = "src/pages/web"]
struct Embedded;

/// The page's frame: no file of its own.
const SHELL: &str = "shell.html";

/// Every file, ready to leave.
pub(crate) struct Assets {
    version: String,
    shell: String,
    files: HashMap<String, Rendered>,
}

impl Assets {
    /// Reads all files.
    ///
    /// # Errors
    /// Where a file is of a kind that nobody has named a type for, or the shell is missing: the
    /// binary was built wrong.
    pub(crate) fn load() -> io::Result<Self> {
        let mut names: Vec<_> = Embedded::iter().collect();
        names.sort_unstable();
        let mut hash = Xxh3::new();
        let mut files = HashMap::new();
        let mut shell = None;
        for name in names {
            let body = Embedded::get(&name).ok_or_else(|| broken(&name, "can't be read"))?;
            let body = body.data.into_owned();
            // Lengths keep the end of one text apart from the beginning of the next.
            for part in [name.as_bytes(), &body] {
                hash.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
                hash.update(part);
            }
            if name == SHELL {
                shell = Some(String::from_utf8(body).map_err(io::Error::other)?);
                continue;
            }
            let kind = content_type(&name).ok_or_else(|| broken(&name, "has no known type"))?;
            files.insert(name.into_owned(), Rendered::new(kind, body.into()));
        }
        Ok(Self {
            version: format!("{:016x}", hash.digest()),
            shell: shell.ok_or_else(|| broken(SHELL, "is missing"))?,
            files,
        })
    }

    /// Where the files stand: an address for this very content.
    pub(crate) fn base(&self) -> String {
        format!("/assets/{}", self.version)
    }

    /// The template of all pages.
    pub(crate) fn shell(&self) -> &str {
        &self.shell
    }
}

fn broken(name: &str, what: &str) -> io::Error {
    io::Error::other(format!("the page's file {name} {what}"))
}

/// By the ending; licences and versions of vendored libraries have none.
fn content_type(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let Some((_, ending)) = file.rsplit_once('.') else {
        return Some("text/plain; charset=utf-8");
    };
    Some(match ending {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// `GET /assets/{version}/{file}`
///
/// An older version gets the files of now, not to be kept: a page that was opened before an update
/// goes on working.
pub(crate) async fn file(
    request: HttpRequest,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, Problem> {
    let path = request.match_info();
    let name = path.get("file").unwrap_or_default();
    let Some(file) = assets.files.get(name) else {
        return Err(Problem::of_status(StatusCode::NOT_FOUND));
    };
    let current = path.get("version") == Some(assets.version.as_str());
    let freshness = if current {
        Freshness::Forever
    } else {
        Freshness::Revalidated
    };
    Ok(file.respond(&request, freshness))
}

#[cfg(test)]
mod tests {
    use super::{Assets, content_type};

    #[test]
    fn every_file_has_a_type_and_the_version_is_stable() {
        let assets = Assets::load().unwrap();
        assert_eq!(assets.base(), Assets::load().unwrap().base());
        for name in ["js/app.js", "css/base.css", "manifest.webmanifest"] {
            assert!(assets.files.contains_key(name), "{name}");
        }
        assert!(!assets.files.contains_key("shell.html"));
    }

    #[test]
    fn types_follow_the_ending() {
        assert_eq!(
            content_type("a.b/LICENSE"),
            Some("text/plain; charset=utf-8")
        );
        assert_eq!(content_type("icons/a.svg"), Some("image/svg+xml"));
        assert_eq!(content_type("a.exe"), None);
    }
}
