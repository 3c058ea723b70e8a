//! The page as people meet it: in a real browser, before the real server, with the sample catalogue.

mod accessibility;
mod compare_box;
mod flow;
mod hardships;
mod keyboard;
mod layout;
mod modules;
mod pictures;
mod policy;
mod preload;
mod reviews;
mod search;
mod site;
mod states;
