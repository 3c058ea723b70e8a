//! The stand-in over real connections, and its sample against real captures where they are at hand.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "tests"
)]

mod captures;
mod control;
mod facts;
mod faults;
mod generated;
mod network;
mod oauth_faults;
mod oauth_google;
mod oauth_kakao;
mod oauth_naver;
mod oauth_pages;
mod oauth_support;
mod process;
mod quirks;
mod s3;
mod s3_faults;
mod s3_support;
mod slack;
mod sms;
mod sms_faults;
mod sms_support;
mod support;
mod wire;
