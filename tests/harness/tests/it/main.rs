//! What the test harness does for an author.

mod calls;
mod config;
mod endings;
mod logs;
