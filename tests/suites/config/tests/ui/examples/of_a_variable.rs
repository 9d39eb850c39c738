use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct MailConfig {
    /// What a mail says.
    #[config(example = "Dear ${NAME}")]
    template: String,
    /// What a mail ends with: commented out by `--config`.
    #[config(example = "Yours, ${NAME}")]
    signature: Option<String>,
}

fn main() {}
