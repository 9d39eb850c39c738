//! Half of a circle; what it passes on from below is no part of that.

mod inner;

pub use inner::Inner;

pub struct Second;

pub fn show() {
    println!("{}", size_of::<crate::first::First>());
}
