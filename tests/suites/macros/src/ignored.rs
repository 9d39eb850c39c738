//! Methods that keep to their author.

use cvtplugin::prelude::*;

/// Has helpers with telling names.
#[derive(Default)]
pub struct Private;

#[cvt_plugin(name = "private", main = false)]
impl Private {
    /// A constructor for the author's own use; CVT's is `Default`.
    #[cvt_plugin(ignore)]
    #[must_use]
    pub fn new(_name: &str, _size: usize) -> Self {
        Self
    }

    #[cvtplugin::cvt_plugin(ignore)]
    #[allow(clippy::unused_self)]
    #[must_use]
    fn on_sight(&self) -> bool {
        true
    }

    #[cvt_plugin(ignore)]
    fn fetch_schemas(&mut self) {
        let _ = self.on_sight();
    }

    /// Like a slip of the handler's name, which is there.
    fn validation_failure(&self) -> bool {
        self.on_sight()
    }

    /// Kept with a comma.
    #[cvt_plugin(ignore)]
    fn on_comma(&self) -> bool {
        self.validation_failure()
    }

    /// Documented, linted and deprecated: all of which it may be.
    ///
    /// # Errors
    ///
    /// None.
    #[allow(clippy::unused_async)]
    #[deprecated = "for the test's sake"]
    #[inline]
    pub async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Private.fetch_schemas();
        let _ = self.on_comma();
        Ok(())
    }
}
