//! The middleware around every route, from the innermost to the outermost.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error};

use super::closing::closing;
use super::cors::cors;
use super::limits::limits;
use super::observe::observe;
use super::render::{panics, problems};
use super::security_headers::security_headers;
use super::table::only_declared;

/// `app` with everything that a request meets before and after its route.
pub(crate) fn layered<T, B>(
    app: App<T>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    app.wrap(from_fn(only_declared))
        .wrap(from_fn(limits))
        .wrap(from_fn(panics))
        .wrap(Compress::default())
        // Around the compression, which refuses encodings in words of its own.
        .wrap(from_fn(problems))
        .wrap(from_fn(cors))
        .wrap(from_fn(security_headers))
        .wrap(from_fn(closing))
        .wrap(from_fn(observe))
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::http::StatusCode;
    use actix_web::{App, HttpResponse, test, web};
    use service_kit::logging;
    use service_kit::settings::{LogSettings, Reader, Source};

    use super::layered;
    use crate::http::access::Access;
    use crate::http::rate::RateClass;
    use crate::http::table::{Declared, reads};

    async fn fails() -> HttpResponse {
        panic!("the secret cause")
    }

    #[actix_web::test]
    async fn a_panic_is_answered_with_500_and_logged_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut reader = Reader::new(Source::from_pairs([("LOG_LEVEL", "info")]));
        let settings = LogSettings::read(&mut reader, folder.path());
        let folder = settings.dir.clone();
        let (dispatch, log) = logging::build(&settings, "test").unwrap();
        let here = tracing::dispatcher::set_default(&dispatch);
        logging::log_panics();
        let table = [reads("/", Access::PUBLIC, RateClass::Pages, fails)];
        let app = App::new()
            .app_data(web::Data::new(Declared::new(&table)))
            .route("/", web::get().to(fails));
        let app = test::init_service(layered(app)).await;
        let request = test::TestRequest::get()
            .insert_header(("x-request-id", "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e"))
            .to_request();
        let error = test::try_call_service(&app, request).await.err().unwrap();
        let response = error.error_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            response.headers().get("content-type").unwrap(),
            "application/problem+json"
        );
        let body = to_bytes(response.into_body()).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], "internal");
        assert_eq!(problem["requestId"], "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e");
        assert!(!problem.to_string().contains("secret"), "{problem}");

        drop(here);
        log.flush();
        let file = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains("error"))
            .unwrap();
        // A flush waits for the writer for a moment only, and this machine may be busy.
        let written = || std::fs::read_to_string(&file).unwrap();
        for _ in 0..200 {
            if !written().is_empty() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let text = written();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 1, "{text}");
        for part in [
            "the secret cause",
            "layers.rs",
            "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e",
        ] {
            assert!(lines[0].contains(part), "{part}: {text}");
        }
    }
}
