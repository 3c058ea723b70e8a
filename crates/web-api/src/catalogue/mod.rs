//! The catalogue: what people search, read and compare.

pub mod store;
