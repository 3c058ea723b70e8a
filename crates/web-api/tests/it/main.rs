//! Tests of the whole crate, through what it offers to others.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]
#![expect(clippy::indexing_slicing, clippy::panic, reason = "likewise")]
#![expect(
    clippy::too_many_lines,
    reason = "a test tells one story from top to bottom"
)]

mod accounts;
mod accounts_app;
mod accounts_audit;
mod accounts_factor;
mod accounts_guessing;
mod accounts_kill;
mod accounts_messages;
mod accounts_once;
mod accounts_protection;
mod accounts_recovery;
mod accounts_sessions;
mod accounts_social;
mod accounts_social_again;
mod accounts_social_anew;
mod accounts_social_links;
mod accounts_social_logs;
mod accounts_social_proofs;
mod accounts_social_wrong;
mod accounts_staff;
mod accounts_store;
mod accounts_support;
mod admin_content;
mod admin_syncs;
mod admin_walk;
mod allergies;
mod api_ingredient;
mod api_medicine;
mod api_search;
mod canary;
mod canary_more;
mod chat_stand_in;
mod db;
mod db_support;
mod env_sample;
mod guard_limits;
mod guard_routes;
mod healthcheck;
mod http_caching;
mod http_errors;
mod last_admin;
mod leaks;
mod marks;
mod mine;
mod openapi;
mod outage;
mod owasp;
mod page_shell;
mod pages;
mod personal;
mod profile_image;
mod real_app;
mod reviews;
mod reviews_edges;
mod reviews_kit;
mod reviews_pages;
mod reviews_race;
mod search;
mod search_corpus;
mod search_filters;
mod snapshot;
mod social_app;
mod social_staff;
mod spellings;
mod statements;
mod statements_store;
mod stop;
mod store;
mod support;
mod suspended;
mod sync;
mod sync_feed;
mod sync_kill;
mod sync_runs;
mod sync_support;
mod wishes_batch;
mod wishes_together;
mod withdrawal;
mod withdrawal_kill;
