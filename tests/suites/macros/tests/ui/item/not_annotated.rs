use cvtplugin::prelude::*;

struct Rest;

impl Rest {
    pub async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

fn main() -> std::process::ExitCode {
    cvtplugin::serve::<Rest>()
}
