//! Answers that many calls have in common, for the OpenAPI document.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response, ResponseBuilder, header::Header, header::HeaderBuilder,
    schema::ObjectBuilder, schema::Type,
};

use service_kit::problem::CONTENT_TYPE;

type Responses = BTreeMap<String, RefOr<Response>>;

/// What any read may answer besides its own.
pub(crate) struct Problems;

/// What any call of accounts may answer besides its own.
pub(crate) struct WriteProblems;

/// Something is another's.
pub(crate) struct Conflict;

/// No more fit in.
pub(crate) struct TooMany;

/// An id that nobody has.
pub(crate) struct NotFound;

/// What it needs hasn't come, or another request is at it.
pub(crate) struct NotReady;

/// No more of them fit in.
pub(crate) struct Full;

/// Something that was good once.
pub(crate) struct Gone;

/// A call for signed-in users.
pub(crate) struct Unauthorized;

/// An ingredient that became part of another.
pub(crate) struct Merged;

impl IntoResponses for Problems {
    fn responses() -> Responses {
        let retry =
            problem_response("The catalogue has not been loaded yet, or a dependency is down.");
        let retry = retry.header("Retry-After", number("Seconds to wait"));
        let too_many = problem_response("Too many requests; each class of calls has a budget.")
            .header("Retry-After", number("Seconds until one fits in"))
            .header("RateLimit-Limit", number("Requests in a full budget"))
            .header("RateLimit-Remaining", number("Requests left"))
            .header(
                "RateLimit-Reset",
                number("Seconds until the budget is full"),
            );
        BTreeMap::from([
            entry(
                "304",
                ResponseBuilder::new().description("The client has it already (`If-None-Match`)."),
            ),
            entry(
                "400",
                problem_response("The address is malformed: percent-encoding or UTF-8."),
            ),
            entry(
                "406",
                problem_response("No encoding that the client accepts is spoken here."),
            ),
            entry(
                "401",
                problem_response("The access token is not valid, or one is needed."),
            ),
            entry("413", problem_response("A body over the limit.")),
            entry("414", problem_response("An address over the limit.")),
            entry(
                "422",
                problem_response("A parameter is not as it has to be; `errors` names each."),
            ),
            entry("429", too_many),
            entry("500", problem_response("A fault of ours.")),
            entry("503", retry),
        ])
    }
}

impl IntoResponses for WriteProblems {
    fn responses() -> Responses {
        let mut responses = Problems::responses();
        responses.remove("304");
        responses.extend([
            entry(
                "403",
                problem_response("Not for this caller, or not from this page."),
            ),
            entry("408", problem_response("The body did not arrive in time.")),
            entry("415", problem_response("A body that is not JSON.")),
        ]);
        responses
    }
}

impl IntoResponses for Conflict {
    fn responses() -> Responses {
        let taken = problem_response("Another member has it already; `errors` names the field.");
        BTreeMap::from([entry("409", taken)])
    }
}

impl IntoResponses for TooMany {
    fn responses() -> Responses {
        let full = problem_response("No more fit in; `code` says what is full.");
        BTreeMap::from([entry("409", full)])
    }
}

impl IntoResponses for NotFound {
    fn responses() -> Responses {
        BTreeMap::from([entry("404", problem_response("Nobody has this id."))])
    }
}

impl IntoResponses for NotReady {
    fn responses() -> Responses {
        let not_ready = problem_response("Not yet: something has to come or to end first.");
        BTreeMap::from([entry("409", not_ready)])
    }
}

impl IntoResponses for Full {
    fn responses() -> Responses {
        let full = problem_response("No more fit in; `code` says of what.");
        BTreeMap::from([entry("409", full)])
    }
}

impl IntoResponses for Gone {
    fn responses() -> Responses {
        let over = problem_response("Its time or its tries are over, or it was used before.");
        BTreeMap::from([entry("410", over)])
    }
}

impl IntoResponses for Unauthorized {
    fn responses() -> Responses {
        BTreeMap::from([
            entry("401", problem_response("Only for signed-in users.")),
            entry(
                "403",
                problem_response("Not for who is suspended (`account_suspended`)."),
            ),
        ])
    }
}

impl IntoResponses for Merged {
    fn responses() -> Responses {
        let location = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build();
        let merged = ResponseBuilder::new()
            .description("The ingredient was merged into another: ask for that one.")
            .header("Location", location);
        BTreeMap::from([entry("308", merged)])
    }
}

fn entry(status: &str, response: ResponseBuilder) -> (String, RefOr<Response>) {
    (status.to_owned(), RefOr::T(response.build()))
}

fn number(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .description(Some(description))
        .build()
}

fn problem_response(description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    ResponseBuilder::new()
        .description(description)
        .content(CONTENT_TYPE, content)
}
