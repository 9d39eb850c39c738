//! Configs of every shape, as authors may write them. That they compile is most of the proof;
//! the tests look at what was made of them.

pub mod hostile;
pub mod shapes;
pub mod stanzas;
