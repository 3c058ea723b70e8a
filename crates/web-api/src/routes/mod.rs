//! Every address of the server: one file a part, each with its addresses and with who may call them.

mod accounts;
mod administration;
mod allergies;
mod catalogue;
mod content;
mod document;
mod images;
mod mine;
mod reviews;
mod social;
mod staff;

use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::IngredientId;

pub(crate) use self::accounts::*;
pub(crate) use self::administration::*;
pub(crate) use self::allergies::*;
pub(crate) use self::catalogue::*;
pub(crate) use self::content::*;
pub(crate) use self::document::ApiDocument;
pub(crate) use self::images::*;
pub(crate) use self::mine::*;
pub(crate) use self::reviews::*;
pub(crate) use self::social::*;
pub(crate) use self::staff::*;
use crate::http::access::Access;
use crate::http::guard::guarded;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
use crate::http::rate::RateClass;
use crate::http::table::{Declared, DeclaredRoute, Entry, Rules, at, reads};
use crate::pages::shell::{self, Shell};

/// What is somebody's by law or keeps him safe, suspended or not.
const MINE: Access = Access::MEMBER.even_suspended();

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
    table.extend(of_content());
    table.extend(of_administration());
    table.extend(of_accounts());
    table.extend(of_allergies());
    table.extend(of_images());
    table.extend(of_members());
    table.extend(of_reviews());
    table.extend(of_social());
    #[cfg(feature = "bench")]
    table.push(crate::http::replay::entry());
    table
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

/// People get a page, programs a problem.
async fn unknown(request: HttpRequest, shell: web::Data<Shell>) -> Result<HttpResponse, Problem> {
    if shell::is_for_people(&request) {
        return Ok(shell.unknown_address(&request));
    }
    Err(Problem::of_status(StatusCode::NOT_FOUND).with_detail(Message::UnknownPath))
}
