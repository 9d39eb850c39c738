//! Plugins of every shape, as authors may write them. That they compile is most of the proof;
//! the tests look at what was made of them.

pub mod acknowledgements;
pub mod aliases;
pub mod blocking;
pub mod conditional;
pub mod configured;
pub mod constructors;
pub mod fragments;
pub mod hooks;
pub mod ignored;
pub mod linted;
pub mod options;
pub mod unusual;
