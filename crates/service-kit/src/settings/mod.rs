//! Settings from the process environment and a `.env` file, checked all at once at start.
//!
//! A server has one struct a concern, filled through a [`Reader`]:
//!
//! ```
//! use service_kit::settings::{Reader, Source};
//!
//! struct WebSettings { port: u16 }
//!
//! let mut reader = Reader::new(Source::from_pairs([("WEB_PORT", "eighty")]));
//! let settings = WebSettings { port: reader.port("WEB_PORT", 8080) };
//! let error = reader.finish(settings).err().unwrap();
//! assert!(error.to_string().contains("WEB_PORT: expected a port number"));
//! ```
//!
//! Every setting `NAME` may be given as `NAME_FILE` instead: the path of a file that holds the
//! value (mounted secrets). An empty value counts as not set.

mod common;
mod failure;
mod getters;
mod reader;
mod source;
mod spelling;

pub use common::{AppEnv, LogFormat, LogSettings, OpsSettings, ShutdownSettings, data_dir};
pub use failure::{Failure, SettingsError, Shape};
pub use reader::{Loaded, Reader};
pub use source::Source;
