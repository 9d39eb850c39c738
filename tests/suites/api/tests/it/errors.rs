//! Errors get a code in passing, whatever their type, and are printed once.

use std::error::Error as _;

use cvtplugin::host::{Host, LaunchError};
use cvtplugin::{BoxError, Code, Error, Result, ResultExt as _};

#[derive(Debug)]
struct Offline {
    host: &'static str,
}

impl std::fmt::Display for Offline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is offline", self.host)
    }
}

impl std::error::Error for Offline {}

#[test]
fn message_can_be_made_from_the_error() {
    let result: Result<(), _> = Err(Offline { host: "registry" });
    let error = result.with_code(Code::Unavailable, |error| format!("no {}", error.host));
    let error = error.expect_err("offline");
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(error.message(), "no registry");
    let source = error.source().and_then(|it| it.downcast_ref::<Offline>());
    assert_eq!(source.map(|offline| offline.host), Some("registry"));
}

#[test]
fn message_is_made_only_if_there_is_an_error() {
    let fine: Result<u8, Offline> = Ok(1);
    let fine = fine.with_code(Code::Internal, |_| -> String { panic!("no error") });
    assert_eq!(fine.ok(), Some(1));
}

#[test]
fn code_fits_every_kind_of_error() {
    fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
        result.expect_err("an error").code()
    }
    let boxed: Result<(), BoxError> = Err("text".into());
    assert_eq!(code(boxed.code(Code::Aborted, "it")), Code::Aborted);
    let anyhow: anyhow::Result<()> = Err(anyhow::anyhow!("text"));
    assert_eq!(code(anyhow.unavailable("it")), Code::Unavailable);
    let ours: Result<()> = Err(Error::not_found("it"));
    assert_eq!(code(ours.internal("it")), Code::Internal);
    let nothing = None::<()>.with_code(Code::DataLoss, |()| "nothing");
    assert_eq!(code(nothing), Code::DataLoss);
}

#[tokio::test]
async fn launch_error_names_each_cause_once() {
    let error = Host::new("/no/such/plugin").launch().await;
    let error = error.expect_err("there is no such plugin");
    assert!(matches!(error, LaunchError::Spawn { .. }), "{error:?}");
    let report = format!("{:#}", anyhow::Error::from(error));
    let causes = report.matches("No such file or directory").count();
    assert_eq!(causes, 1, "{report}");
}
