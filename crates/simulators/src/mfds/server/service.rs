//! The four operations.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;

use super::{
    Context,
    request::{MAX_ROWS, Request},
};
use crate::{
    connection::Connection,
    gate,
    mfds::{
        Catalogue, Counters, Effect, Handle, Operation, TruncatedLength,
        catalogue::{Page, RowRef, count, write_page},
        faults::RowFaults,
        wire,
    },
};

/// The path of the ministry at data.go.kr.
pub(crate) const BASE_PATH: &str = "/1471000";

const JSON: &str = "application/json;charset=UTF-8";
const XML: &str = "application/xml;charset=UTF-8";
const HTML: &str = "text/html;charset=UTF-8";
/// How long the half of a body has to reach the client before the connection closes.
const FLUSH: Duration = Duration::from_millis(20);
const GATEWAY_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Service Unavailable</title></head>\
     <body><h1>일시적으로 서비스를 이용할 수 없습니다.</h1></body></html>\n";

/// An answer before it goes on the wire.
struct Answer {
    status: StatusCode,
    kind: &'static str,
    body: Bytes,
}

impl Answer {
    fn ok(kind: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            kind,
            body: body.into(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(self.kind))];
        (self.status, kind, self.body).into_response()
    }
}

/// The routes of the operations; any other path is unknown to the gateway.
pub(crate) fn routes() -> Router<Context> {
    let operations = Operation::ALL
        .into_iter()
        .fold(Router::new(), |router, operation| {
            let handler = move |State(context): State<Context>,
                                ConnectInfo(connection): ConnectInfo<Connection>,
                                RawQuery(query): RawQuery| async move {
                serve(operation, &context, &connection, query.unwrap_or_default()).await
            };
            router.route(&format!("{BASE_PATH}/{}", operation.path()), get(handler))
        });
    operations.fallback(|| async { (StatusCode::NOT_FOUND, "API not found\n") })
}

/// Counts a request as in flight, also when the client goes away in the middle.
struct InFlight<'a>(&'a Handle);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.count(Counters::end);
    }
}

async fn serve(
    operation: Operation,
    context: &Context,
    connection: &Connection,
    query: String,
) -> Response {
    let request = Request::parse(operation, &query);
    context
        .handle
        .count(|counters| counters.begin(operation, request.page));
    let _in_flight = InFlight(&context.handle);
    let effects = context.handle.effects(operation, request.page);
    tracing::debug!(%operation, page = request.page, ?effects, "request");

    for effect in &effects {
        match effect {
            Effect::Delay { millis } => {
                gate::wait(&context.stop, Some(Duration::from_millis(*millis))).await;
            }
            Effect::Stall => {
                gate::wait(&context.stop, None).await;
                connection.reset();
            }
            Effect::Reset => connection.reset(),
            _ => {}
        }
    }
    let answer = answer(operation, context, &request, &effects);
    let bytes = count(answer.body.len());
    context
        .handle
        .count(|counters| counters.made(operation, bytes));
    cut(answer, &effects, context)
}

fn answer(
    operation: Operation,
    context: &Context,
    request: &Request,
    effects: &[Effect],
) -> Answer {
    if !request.has_key(context.config.service_key.as_deref()) {
        context.handle.count(|counters| counters.wrong_key += 1);
        return Answer::ok(XML, wire::gateway_error(30));
    }
    if let Some(answer) = effects.iter().find_map(error) {
        return answer;
    }
    if request.rows > MAX_ROWS {
        return Answer::ok(JSON, wire::PAGE_SIZE_OVER_CAP);
    }
    let catalogue = context.handle.catalogue();
    let page = page(&catalogue, operation, request, effects);
    if !request.json {
        return Answer::ok(XML, xml_head(&page));
    }
    let mut body = Vec::with_capacity(16 * 1024);
    write_page(
        &catalogue,
        operation,
        &page,
        context.config.item_form,
        &mut body,
    );
    Answer::ok(JSON, body)
}

/// The answer of an effect that replaces the page.
fn error(effect: &Effect) -> Option<Answer> {
    Some(match effect {
        Effect::Quota { .. } => Answer::ok(XML, wire::gateway_error(22)),
        Effect::XmlError { code } => Answer::ok(XML, wire::gateway_error(*code)),
        Effect::JsonError { code } => {
            let message = wire::gateway_message(*code);
            Answer::ok(
                JSON,
                format!(
                    "{{\"header\":{{\"resultCode\":\"{code:02}\",\"resultMsg\":\"{message}\"}},\
                     \"body\":{{}}}}"
                ),
            )
        }
        Effect::ResultError { code } => Answer::ok(
            JSON,
            format!("{{\"result\":{{\"resultCode\":\"{code:02}\"}}}}"),
        ),
        Effect::HttpStatus { status } => Answer {
            status: StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            kind: JSON,
            body: Bytes::from(format!("{{\"status\":{status},\"error\":\"gateway\"}}")),
        },
        Effect::Html => Answer::ok(HTML, GATEWAY_PAGE),
        _ => return None,
    })
}

fn page(
    catalogue: &Catalogue,
    operation: Operation,
    request: &Request,
    effects: &[Effect],
) -> Page {
    let faults = RowFaults {
        catalogue,
        operation,
        effects,
    };
    let rows = if request.filters() && !faults.ignores_filters() {
        filtered(catalogue, operation, request)
    } else {
        catalogue.rows(operation).to_vec()
    };
    let rows = faults.drop_rows(rows);
    let from = (request.page - 1).saturating_mul(request.rows);
    let (total, window) = faults.window(&rows, from, request.rows);
    let mut page = Page {
        number: request.page,
        size: request.rows,
        total,
        rows: window,
        empty_list: false,
    };
    let (_, previous) = faults.window(&rows, from.saturating_sub(request.rows), request.rows);
    faults.spoil(&mut page, &previous);
    page
}

fn filtered(catalogue: &Catalogue, operation: Operation, request: &Request) -> Vec<RowRef> {
    let contains =
        |text: &str, part: &Option<String>| part.as_deref().is_none_or(|part| text.contains(part));
    let matches = |row: &RowRef| {
        let seq = request.item_seq.as_deref();
        if seq.is_some_and(|seq| catalogue.item_seq(operation, *row) != seq) {
            return false;
        }
        if request.item_name.is_none() && request.entp_name.is_none() {
            return true;
        }
        let (item_name, entp_name) = catalogue.names(operation, *row);
        contains(&item_name, &request.item_name) && contains(&entp_name, &request.entp_name)
    };
    catalogue
        .rows(operation)
        .iter()
        .copied()
        .filter(matches)
        .collect()
}

/// Without `type=json` the real service answers XML. The rows are left out here: nobody reads them,
/// and a client that forgets the parameter must notice.
fn xml_head(page: &Page) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<response><header>\
         <resultCode>00</resultCode><resultMsg>NORMAL SERVICE.</resultMsg></header><body>\
         <numOfRows>{}</numOfRows><pageNo>{}</pageNo><totalCount>{}</totalCount></body></response>",
        page.size, page.number, page.total
    )
}

/// Sends half the answer where an effect demands it.
fn cut(answer: Answer, effects: &[Effect], context: &Context) -> Response {
    let half = answer.body.slice(..answer.body.len() / 2);
    let whole_length = answer.body.len();
    let effect = effects
        .iter()
        .find(|effect| matches!(effect, Effect::Truncate { .. } | Effect::StallHalfway));
    let stalls = match effect {
        Some(Effect::Truncate {
            length: TruncatedLength::Half,
        }) => {
            return Answer {
                body: half,
                ..answer
            }
            .into_response();
        }
        Some(Effect::Truncate {
            length: TruncatedLength::Whole,
        }) => false,
        Some(Effect::StallHalfway) => true,
        _ => return answer.into_response(),
    };
    let context = context.clone();
    let body = stream::unfold(Some(half), move |half| {
        let context = context.clone();
        async move {
            if let Some(half) = half {
                return Some((Ok::<_, Cut>(half), None));
            }
            gate::wait(&context.stop, (!stalls).then_some(FLUSH)).await;
            Some((Err(Cut), None))
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(answer.kind)),
        (header::CONTENT_LENGTH, HeaderValue::from(whole_length)),
    ];
    (answer.status, headers, Body::from_stream(body)).into_response()
}

/// Tells the HTTP server to close the connection in the middle of a body.
#[derive(Debug, thiserror::Error)]
#[error("the body is cut on purpose")]
struct Cut;
