//! Which contests are held.

use super::contest::Contest;
use super::mixes::{Asked, Mixes};
use super::page::{COMPARE_RATIO, DETAIL_RATIO, SEARCH_RATIO, SUGGEST_RATIO};

/// All of them, in their order.
pub(super) fn all(mixes: &Mixes) -> Vec<Contest<'_>> {
    let search = &mixes.search;
    vec![
        contest("search", search, Some(SEARCH_RATIO), "identity"),
        unremembered(
            "search, no answer remembered",
            &mixes.unremembered,
            search,
            None,
        ),
        contest("suggest", &mixes.suggest, Some(SUGGEST_RATIO), "identity"),
        contest("detail", &mixes.detail, Some(DETAIL_RATIO), "identity"),
        unremembered(
            "detail, only documents cached",
            &mixes.unremembered_detail,
            &mixes.detail,
            Some(DETAIL_RATIO),
        ),
        contest("compare", &mixes.compare, Some(COMPARE_RATIO), "identity"),
        unremembered(
            "compare, only documents cached",
            &mixes.unremembered_compare,
            &mixes.compare,
            Some(COMPARE_RATIO),
        ),
        contest("search, gzip", search, None, "gzip"),
        contest("search, br", search, None, "br"),
        contest("detail, br", &mixes.detail, None, "br"),
    ]
}

fn contest<'a>(
    what: &'static str,
    asked: &'a Asked,
    goal: Option<f64>,
    encoding: &'static str,
) -> Contest<'a> {
    Contest {
        what,
        paths: &asked.paths,
        recorded: &asked.paths,
        orders: (&asked.order, &asked.order),
        encoding,
        goal,
    }
}

/// `asked`, which is `usual` at addresses that are ever new.
fn unremembered<'a>(
    what: &'static str,
    asked: &'a Asked,
    usual: &'a Asked,
    goal: Option<f64>,
) -> Contest<'a> {
    Contest {
        paths: &asked.paths,
        orders: (&asked.order, &usual.order),
        ..contest(what, usual, goal, "identity")
    }
}
