//! Pages that ship inside the binary.

pub(crate) mod api_document;
pub(crate) mod home;
pub(crate) mod swagger;
