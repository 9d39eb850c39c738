//! Reads OpenAPI 3 and Swagger 2 documents, as far as comparing two of them takes.

mod document;
mod endpoints;
mod operation;
mod pointer;
mod schema;
mod servers;

pub(crate) use document::{Document, parse};
pub(crate) use endpoints::same_path;
pub(crate) use operation::{Body, Operation, Parameter};
pub(crate) use schema::{Schema, Union, Variant};
pub(crate) use servers::base_paths;
