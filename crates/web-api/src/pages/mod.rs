//! Pages that ship inside the binary.

pub(crate) mod api_document;
pub(crate) mod assets;
mod headings;
pub(crate) mod shell;
pub(crate) mod swagger;
mod template;
