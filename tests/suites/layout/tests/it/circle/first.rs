use crate::second::{Inner, Second};

pub struct First(pub Second, pub Inner);
