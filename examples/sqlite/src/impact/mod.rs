//! Which consumers does a change of a schema break?

mod compare;
mod endpoint;
mod equality;
mod field;
mod itself;
mod report;
mod request;
mod response;
mod step;
#[cfg(test)]
mod tests;
mod verdict;

pub(crate) use field::FieldPath;
pub(crate) use report::{Assessment, Report, assess};
pub(crate) use verdict::Verdict;
