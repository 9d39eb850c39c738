//! No plugin outlives its host, whatever is between the two; and nothing is left in the temporary
//! directory, however plugins start and end.

mod host;
mod leftovers;
mod not_the_end;
mod wrappers;

pub(crate) use not_the_end::Plugin;
