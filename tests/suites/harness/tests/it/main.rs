//! What the test harness does for an author.

mod blocking;
mod calls;
mod config;
mod endings;
mod logs;
