use crate::third;

pub struct Inner;

impl Drop for Inner {
    fn drop(&mut self) {
        third::run();
    }
}
