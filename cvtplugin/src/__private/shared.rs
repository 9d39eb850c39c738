//! A plugin serves many calls at once.

use std::process::ExitCode;

use crate::Plugin;

/// What a generated `main` does.
pub fn main<P: Shared<M, Checked: Plugin>, M>() -> ExitCode {
    crate::serve::<P::Checked>()
}

/// The check that [`main`] makes, for a plugin without one.
pub const fn check<P: Shared<M>, M>() {}

#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared between threads",
    label = "not `Send + Sync + 'static`",
    note = "CVT's calls run concurrently on several threads: use `Arc` instead of `Rc`, `Mutex` \
            or an atomic instead of `Cell` and `RefCell`"
)]
pub trait Shared<M> {
    type Checked;
}

impl<P: SendSync> Shared<Real> for P {
    type Checked = P;
}

pub struct Real;

/// Nothing implements [`Absent`]. But with two impls to choose from rustc reports that neither
/// fits, instead of each bound that the only one has.
impl<P: SendSync + Absent> Shared<()> for P {
    type Checked = P;
}

pub trait Absent {}

/// What a plugin must be, as one bound.
pub trait SendSync: Send + Sync + 'static {}

impl<P: Send + Sync + 'static> SendSync for P {}
