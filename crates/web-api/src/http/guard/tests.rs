//! Guarded routes over real HTTP: every level, whoever comes, however often.

mod budgets;
mod careful;
mod levels;

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::{App, HttpResponse, HttpServer, web};
use domain::account::Role;
use reqwest::{Client as Http, RequestBuilder, Response};
use serde::Deserialize;

use super::Guard;
use crate::http::access::Access;
use crate::http::caller::{Admin, Caller, Member, NotBelieved, SignedIn, TokenCheck};
use crate::http::cors::AllowedOrigins;
use crate::http::json::Json;
use crate::http::layers::layered;
use crate::http::limits::BodyLimit;
use crate::http::rate::{Limiter, Rate, RateClass, Rates};
use crate::http::security_headers::Hsts;
use crate::http::table::{Declared, Entry, at, reads};
use service_kit::forwarded::{ForwardedHeader, Proxies};

/// Believes tokens that say what they are: `ROLE-ID`, `suspended-ID`, `ROLE-2fa-ID`.
#[derive(Debug)]
struct Plain;

impl TokenCheck for Plain {
    fn check(&self, token: &str) -> Result<Member, NotBelieved> {
        let (kind, id) = token.rsplit_once('-').ok_or(NotBelieved)?;
        let role = match kind.trim_end_matches("-2fa") {
            "member" | "suspended" => Role::Member,
            "counsellor" => Role::Counsellor,
            "admin" => Role::Admin,
            _ => return Err(NotBelieved),
        };
        Ok(Member {
            id: id.parse().map_err(|_| NotBelieved)?,
            session: "session".parse().map_err(|_| NotBelieved)?,
            role,
            suspended: kind == "suspended",
            second_factor: kind.ends_with("-2fa"),
        })
    }
}

#[derive(Debug, Deserialize)]
struct Note {
    text: String,
}

async fn open(caller: Caller) -> HttpResponse {
    let name = caller
        .member()
        .map_or("nobody", |member| member.id.as_str());
    HttpResponse::Ok()
        .insert_header(("cache-control", "public, max-age=60"))
        .body(name.to_owned())
}

async fn mine(SignedIn(member): SignedIn) -> String {
    member.id.to_string()
}

async fn administer(Admin(member): Admin) -> String {
    member.id.to_string()
}

async fn write(Json(note): Json<Note>) -> String {
    note.text
}

async fn anybody() -> &'static str {
    "in"
}

fn table() -> Vec<Entry> {
    use RateClass::{Detail, Internal, Search, SignIn, Writes};
    vec![
        reads("/open", Access::PUBLIC, Search, open),
        reads("/mine", Access::MEMBER, Detail, mine),
        reads("/export", Access::MEMBER.even_suspended(), Detail, mine),
        reads("/counsel", Access::COUNSELLOR, Detail, anybody),
        reads("/admin", Access::ADMIN, RateClass::Admin, administer),
        at("/hook").on(Method::POST, Access::INTERNAL, Internal, anybody),
        at("/notes").on(Method::POST, Access::PUBLIC, Writes, write),
        at("/sign-in").on(Method::POST, Access::PUBLIC, SignIn, anybody),
        // A fixed name after a parameter would be anybody's.
        reads("/things/secret", Access::ADMIN, Detail, anybody),
        reads("/things/{id}", Access::PUBLIC, Detail, anybody),
    ]
}

/// Starts a server on the table above, `rate` for every class.
fn start(rate: &str) -> String {
    drop(rustls::crypto::ring::default_provider().install_default());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let rate: Rate = rate.parse().expect("a rate");
    let limiter = Arc::new(Limiter::new(&Rates::new(|_| rate), None));
    let guard = web::Data::new(Guard::new(Arc::new(Plain), Some(limiter)));
    let loopback = vec!["127.0.0.0/8".parse().expect("a network")];
    let proxies = web::Data::new(Proxies::new(loopback, ForwardedHeader::XForwardedFor));
    let declared = web::Data::new(Declared::new(&table()));
    let front = actix_web::http::header::HeaderValue::from_static("https://front.example");
    let origins = web::Data::new(AllowedOrigins::new([front]));
    let server = HttpServer::new(move || {
        layered(
            App::new()
                .app_data(guard.clone())
                .app_data(proxies.clone())
                .app_data(declared.clone())
                .app_data(origins.clone())
                .app_data(web::Data::new(BodyLimit(1_000)))
                .app_data(web::Data::new(Hsts::Proxy))
                .configure(|config| {
                    for entry in table() {
                        config.service(entry.into_service());
                    }
                    // Somebody forgot the table.
                    config.route("/forgotten", web::get().to(anybody));
                }),
        )
    });
    let server = server
        .workers(2)
        .disable_signals()
        .listen(listener)
        .expect("listens");
    tokio::spawn(server.run());
    base
}

fn client() -> Http {
    Http::builder().no_proxy().build().expect("a client")
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

async fn code(response: Response) -> String {
    let json: serde_json::Value = response.json().await.expect("a problem");
    json["code"].as_str().expect("a code").to_owned()
}
