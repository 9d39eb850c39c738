//! Configs that are unusual, but right.

use std::path::PathBuf;
use std::time::Duration;

use cvtplugin::prelude::*;

/// No key at all.
#[derive(Debug, PluginConfig)]
pub struct Empty {}

/// Types under other names than their own.
#[derive(Debug, PluginConfig)]
pub struct Aliases {
    /// An `Option`.
    pub maybe: Maybe,
    /// A `SecretString`.
    pub secret: Hidden,
    /// Nothing here looks like an `Option` or a `Vec`.
    pub lists: Lists,
}

/// Optional by another name.
pub type Maybe = Option<u64>;

/// Secret by another name.
pub type Hidden = SecretString;

/// Secret and optional by another name.
pub type Lists = Option<Vec<SecretString>>;

/// Keys that are Rust's, or nobody's.
#[derive(Debug, PluginConfig)]
pub struct Names {
    /// Rust's.
    pub r#type: Option<String>,
    /// With what Rust allows in no name.
    #[config(rename = "base-url.v2")]
    pub base_url: Option<String>,
    /// The name of a local of the expansion.
    pub values: Option<String>,
    /// Another.
    pub reader: Option<String>,
}

/// The attributes apart, and paths in front of the types.
#[derive(Debug, PluginConfig)]
pub struct Apart {
    /// In seconds.
    #[config(default = "1m 30s")]
    #[config(rename = "wait")]
    pub timeout: std::time::Duration,
    /// Where to look.
    #[config(example = "/var/lib/schemas")]
    pub directory: std::path::PathBuf,
}

/// By what stands in its own impl, and by a function whose error borrows from the text.
#[derive(Debug, PluginConfig)]
pub struct OfItself {
    /// How often.
    #[config(default = Self::RETRIES)]
    pub retries: u8,
    /// How much.
    #[config(default = "5%", parse_with = Self::percent)]
    pub share: u8,
    /// Where.
    #[config(default = PathBuf::from("/tmp"))]
    pub directory: PathBuf,
}

impl OfItself {
    const RETRIES: u8 = 3;

    fn percent(text: &str) -> std::result::Result<u8, &str> {
        let number = text.strip_suffix('%').ok_or("it is in percent")?;
        number.parse().map_err(|_| number)
    }
}

/// In a function.
///
/// # Errors
///
/// None: the only key has a default.
pub fn in_a_function() -> Result<u64> {
    #[derive(PluginConfig)]
    struct Local {
        #[config(default = 7)]
        number: u64,
    }
    Ok(Local::from_values(&cvtplugin::ConfigValues::default())?.number)
}

macro_rules! config {
    ($name:ident { $($field:ident: $ty:ty = $default:expr),* }) => {
        /// By a macro.
        #[derive(Debug, PluginConfig)]
        pub struct $name {
            $(
                /// By a macro.
                #[config(default = $default)]
                pub $field: $ty,
            )*
        }
    };
}

config!(ByMacro {
    number: u8 = 3,
    directory: PathBuf = "/tmp",
    timeout: Duration = Duration::from_secs(1)
});
