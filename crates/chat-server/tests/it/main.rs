//! The server as its clients and operators see it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod binary;
mod binary_log;
mod bot;
mod bot_words;
mod console;
mod console_access;
mod console_kit;
mod console_lease;
mod desk;
mod env_sample;
mod gateway;
mod http;
mod limits;
mod notify;
mod notify_kill;
mod notify_kit;
mod program;
mod proof_alone;
mod proof_garbage;
mod proof_limits;
mod proof_order;
mod proof_outage;
mod proof_race;
mod proof_talk;
mod rest;
mod rest_access;
mod rest_refusals;
mod script;
mod server;
mod staff;
mod staff_command;
mod staff_kit;
mod statements;
mod store;
mod store_counselling;
mod store_data;
mod store_kill;
mod store_kit;
mod store_model;
mod store_mongo;
mod store_outage;
mod store_outbox;
mod store_people;
mod store_race;
mod store_retention;
mod store_staff;
mod store_talk;
mod visitor;
mod visitor_kit;
mod visitor_limits;
mod visitor_people;
