//! Addresses with what each declares: a route without a declaration can't be registered, and one
//! that was registered past the table is refused.

use std::collections::HashSet;
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{HttpServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, FromRequest, Handler, Resource, Responder, ResponseError as _, guard, web};

use super::access::Access;
use super::guard::guarded;
use super::observe::Route;
use super::problem::Problem;
use super::rate::RateClass;

/// What one method of an address declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Who may call it.
    pub(crate) access: Access,
    /// Whose budget it takes from.
    pub(crate) class: RateClass,
}

/// A declared route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRoute {
    /// The method.
    pub method: &'static str,
    /// The address, with `{names}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Whose budget it takes from.
    pub class: RateClass,
}

/// What an address declares for its methods.
#[derive(Debug)]
pub(crate) struct Rules {
    by_method: Vec<(Method, Rule)>,
    /// What a method that isn't there takes from: asking for it isn't free.
    class: RateClass,
}

impl Rules {
    /// For whatever stands in no table: everybody may learn that it isn't there.
    pub(crate) fn nowhere(class: RateClass) -> Self {
        let by_method = Vec::new();
        Self { by_method, class }
    }

    /// What `method` declares, if it is one of the address.
    pub(crate) fn of(&self, method: &Method) -> Option<Rule> {
        let found = self.by_method.iter().find(|(one, _)| one == method);
        found.map(|(_, rule)| *rule)
    }

    /// Whose budget a request takes from.
    pub(crate) fn class(&self, method: &Method) -> RateClass {
        self.of(method).map_or(self.class, |rule| rule.class)
    }
}

/// An address with the handlers of its methods.
pub(crate) struct Entry {
    path: &'static str,
    rules: Vec<(Method, Rule)>,
    resource: Resource,
}

/// An address that is read: `GET` and `HEAD`.
pub(crate) fn reads<F, Args>(
    path: &'static str,
    access: Access,
    class: RateClass,
    handler: F,
) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let rule = Rule { access, class };
    let read = guard::Any(guard::Get()).or(guard::Head());
    let resource = web::resource(path).route(web::route().guard(read).to(handler));
    Entry {
        path,
        rules: vec![(Method::GET, rule), (Method::HEAD, rule)],
        resource,
    }
}

/// An address whose methods follow by [`Entry::on`].
pub(crate) fn at(path: &'static str) -> Entry {
    Entry {
        path,
        rules: Vec::new(),
        resource: web::resource(path),
    }
}

impl Entry {
    /// The same with one more method.
    pub(crate) fn on<F, Args>(
        mut self,
        method: Method,
        access: Access,
        class: RateClass,
        handler: F,
    ) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::method(method.clone()).to(handler));
        self.rules.push((method, Rule { access, class }));
        self
    }

    /// The address.
    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// What it declares.
    pub(crate) fn declared(&self) -> impl Iterator<Item = DeclaredRoute> + '_ {
        self.rules.iter().map(|(method, rule)| DeclaredRoute {
            method: super::observe::label(method),
            path: self.path,
            access: rule.access,
            class: rule.class,
        })
    }

    /// The service, guarded by what it declares; 405 with `Allow` for other methods.
    pub(crate) fn into_service(self) -> impl HttpServiceFactory + 'static {
        let allowed: Vec<Method> = self
            .rules
            .iter()
            .map(|(method, _)| method.clone())
            .collect();
        let class = self
            .rules
            .first()
            .map_or(RateClass::Pages, |(_, rule)| rule.class);
        let rules = Rc::new(Rules {
            by_method: self.rules,
            class,
        });
        self.resource
            .default_service(web::to(move || {
                let problem = Problem::of_status(StatusCode::METHOD_NOT_ALLOWED);
                let problem = problem.with_allow(&allowed);
                async move { Err::<&'static str, _>(problem) }
            }))
            .wrap(from_fn(move |request, next| {
                guarded(Rc::clone(&rules), request, next)
            }))
    }
}

/// Every address that stands in the table.
#[derive(Debug)]
pub(crate) struct Declared(HashSet<&'static str>);

impl Declared {
    /// The addresses of a table.
    pub(crate) fn new(table: &[Entry]) -> Self {
        Self(table.iter().map(Entry::path).collect())
    }
}

/// Middleware: an address that was registered without a declaration answers as if it weren't there.
pub(crate) async fn only_declared<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let is_declared = match Route::of(&request) {
        // Nothing has it: the default service says so.
        None => true,
        Some(route) => request
            .app_data::<web::Data<Declared>>()
            .is_some_and(|declared| declared.0.contains(route.as_str())),
    };
    if is_declared {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    tracing::error!("an address declares neither who may call it nor how often: refused");
    let problem = Problem::of_status(StatusCode::NOT_FOUND);
    Ok(request
        .into_response(problem.error_response())
        .map_into_right_body())
}
