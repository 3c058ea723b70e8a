//! A stand-in of the MFDS (식약처) open API at data.go.kr.
//!
//! ```no_run
//! # async fn demo() -> Result<(), simulators::mfds::StartError> {
//! use simulators::mfds::{Catalogue, Faults, Simulator};
//!
//! let running = Simulator::start(Catalogue::sample(), Faults::none()).await?;
//! println!("MFDS_BASE_URL={}", running.base_url);
//! running.stop().await;
//! # Ok(())
//! # }
//! ```

mod catalogue;
mod counters;
mod faults;

mod generated;
mod handle;
mod operation;
mod sample;
mod server;
mod wire;

pub use crate::server::StartError;
pub use catalogue::{Catalogue, CatalogueSpec, FieldEdit};
pub use counters::{Counters, OperationCounters};
pub use faults::{Effect, Fault, FaultId, FaultSyntaxError, Faults, Scope, TruncatedLength};
pub use handle::Handle;
pub use operation::{ItemForm, Operation, UnknownOperation};
pub use server::{Config, Running, Simulator};
pub use wire::{Change, Row};
