//! The plugin that a command is about, and its config.

mod package;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use clap::builder::{StringValueParser, TypedValueParser as _};
use cvtplugin::host::Host;
use cvtplugin::{BoxError, ExposeSecret as _, Rpc, SecretString};

use crate::arguments;
use crate::config_file::ConfigFile;
use crate::install::{NotInstalled, State, install_command};
use cvtplugin::__command::Redactor;
pub(crate) use package::Profile;

/// Which plugin, and with what config.
#[derive(Debug, Args)]
pub(crate) struct TargetArguments {
    /// The plugin: its binary, or the directory of its package, which is built then.
    ///
    /// With --config-file it may be left out: the file names the binary.
    #[arg(
        value_name = "BINARY|PACKAGE-DIR",
        required_unless_present = "config_file"
    )]
    plugin: Option<PathBuf>,

    /// A key of the plugin's config and its value; may be repeated.
    ///
    /// It wins over the file. Other users of this machine can see it while the command runs: keep
    /// secrets in the environment, and name them in a file.
    // Taken apart later: an error of clap's would show it.
    #[arg(long, value_name = "KEY=VALUE",
        value_parser = StringValueParser::new().map(SecretString::from))]
    config: Vec<SecretString>,

    /// Take the config and the timeout from a config.yaml as CVT reads it.
    ///
    /// By CVT's own rules: ${VAR} and ${VAR:-default} are expanded from the environment, and what
    /// CVT would not load is refused, with all that is wrong. Only a binary outside CVT's plugin
    /// directory is fine here. Where no binary is given, the file's is used.
    #[arg(long, value_name = "PATH")]
    config_file: Option<PathBuf>,

    /// Which plugin of the file.
    ///
    /// Not needed if there is but one, or one whose name or binary fits the given binary.
    #[arg(long = "plugin", value_name = "NAME", requires = "config_file")]
    plugin_name: Option<String>,
}

/// A plugin that is there, and its config.
#[derive(Clone, Debug)]
pub(crate) struct PluginTarget {
    pub(crate) binary: PathBuf,
    pub(crate) config: BTreeMap<String, SecretString>,
    /// The keys of the config that are known to hold secrets.
    pub(crate) secrets: Vec<String>,
    /// How long a call may take; `None` for CVT's default.
    pub(crate) call_timeout: Option<Duration>,
    /// How the config file has CVT run the plugin, if there is one.
    pub(crate) binding: Option<Binding>,
}

/// A plugin of a config file, as CVT sees it.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) name: String,
    /// The binary that CVT starts.
    pub(crate) binary: PathBuf,
    /// The binary that is tried here, from which that can be installed.
    pub(crate) source: PathBuf,
    /// What becomes of errors: `fail_closed` or `fail_open`.
    pub(crate) on_error: String,
    /// The hooks that are bound to the plugin.
    pub(crate) hooks: Vec<Rpc>,
}

impl Binding {
    /// Checks the record of installed plugins of this user's home.
    ///
    /// # Errors
    ///
    /// Returns why CVT would not start the plugin, and what to do.
    pub(crate) fn verify_install(&self) -> Result<(), NotInstalled> {
        let home = std::env::home_dir().unwrap_or_default();
        let state = State::read(&home.join(".cvt/plugins/state.json"));
        // CVT takes what it cannot read for empty.
        let verified = state.unwrap_or_default().verify(&self.name, &self.binary);
        verified.map_err(|mut why| {
            if !self.binary.exists() {
                why.fix = format!("run `{}`", install_command(&self.name, &self.source));
            }
            why
        })
    }
}

impl TargetArguments {
    /// Takes the word in the plugin's place if it is not a path, and so meant for something else. That
    /// it can only be if the config file names the binary.
    pub(crate) fn take_misplaced(&mut self) -> Option<String> {
        self.config_file.as_ref()?;
        let is_word = |plugin: &mut PathBuf| {
            plugin.to_str().is_some_and(|text| !text.contains('/')) && !plugin.exists()
        };
        let word = self.plugin.take_if(is_word)?;
        word.into_os_string().into_string().ok()
    }

    /// Finds the binary, building it if need be, and puts its config together.
    ///
    /// # Errors
    ///
    /// What is wrong with the package or the config file. No error shows a value of the config.
    pub(crate) fn find(&self, profile: Profile) -> Result<PluginTarget, BoxError> {
        let config = self.config.iter().map(key_and_value);
        let config = config.collect::<Result<Vec<_>, _>>()?;
        let file = self.config_file.clone().map(ConfigFile::read).transpose()?;
        let binary = self.plugin.as_deref();
        let binary = binary.map(|path| at(path, profile)).transpose()?;
        let mut target = match (file, binary) {
            (Some(file), binary) => {
                let plugin = self.plugin_name.as_deref();
                let (name, entry) = file.select(plugin, binary.as_deref())?;
                let binding = Binding {
                    hooks: file.hooks_of(&name),
                    name,
                    source: binary.as_ref().unwrap_or(&entry.binary).clone(),
                    binary: entry.binary.clone(),
                    on_error: entry.on_error,
                };
                PluginTarget {
                    binding: Some(binding),
                    binary: binary.unwrap_or(entry.binary),
                    config: entry.config,
                    secrets: entry.secrets,
                    call_timeout: Some(entry.timeout),
                }
            }
            (None, Some(binary)) => PluginTarget {
                binary,
                config: BTreeMap::new(),
                secrets: Vec::new(),
                call_timeout: None,
                binding: None,
            },
            (None, None) => {
                return Err("name the plugin's binary, or its package's directory".into());
            }
        };
        target.config.extend(config);
        Ok(target)
    }
}

impl PluginTarget {
    /// Another plugin, with the same config.
    pub(crate) fn other(&self, path: &Path, profile: Profile) -> Result<Self, BoxError> {
        let binary = at(path, profile)?;
        Ok(Self {
            binary,
            ..self.clone()
        })
    }

    /// What keeps the config's secrets out of what is shown.
    pub(crate) fn redactor(&self) -> Redactor {
        let secrets = self.secrets.iter();
        let values = secrets.filter_map(|key| Some((key.as_str(), self.config.get(key)?)));
        values.collect()
    }

    /// What launches the plugin with its config.
    pub(crate) fn host(&self) -> Host {
        let host = Host::new(&self.binary);
        let host = match self.call_timeout {
            Some(timeout) => host.call_timeout(timeout),
            None => host,
        };
        let config = self.config.iter();
        config.fold(host, |host, (key, value)| host.config(key, value.clone()))
    }
}

/// The binary at `path`, or that of the package there.
///
/// # Errors
///
/// When the package cannot be built, or has no binary or more than one.
pub(crate) fn at(path: &Path, profile: Profile) -> Result<PathBuf, BoxError> {
    if path.is_dir() {
        package::build(path, profile)
    } else {
        // A bare name would be looked up in PATH.
        Ok(std::path::absolute(path)?)
    }
}

fn key_and_value(text: &SecretString) -> Result<(String, SecretString), &'static str> {
    let pair = arguments::key_value(text.expose_secret());
    let (key, value) =
        pair.map_err(|_| "invalid value for --config (not shown): expected KEY=VALUE")?;
    Ok((key, value.into()))
}
