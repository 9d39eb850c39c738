//! Every way in which a plugin may come by its config, each in a module: what stands around a block
//! tells whether its config is lost. Written out, since a block that a macro makes is not found there.

/// A `new` of this crate, not of the type alone.
pub mod restricted {
    use cvtplugin::prelude::*;

    /// The config.
    #[derive(Debug, PluginConfig)]
    pub struct RestConfig {
        /// How often a request is tried.
        #[config(default = 3)]
        pub retries: u8,
    }

    /// The plugin.
    #[derive(Debug)]
    pub struct Rest(
        /// What it was made with.
        pub RestConfig,
    );

    #[cvt_plugin(name = "rest", main = false)]
    impl Rest {
        pub(crate) fn new(config: RestConfig) -> Self {
            Self(config)
        }

        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Err(Error::aborted(self.0.retries.to_string()))
        }
    }
}

/// A `new` for each system.
pub mod conditional {
    use cvtplugin::prelude::*;

    /// The config.
    #[derive(Debug, PluginConfig)]
    pub struct RestConfig {
        /// How often a request is tried.
        #[config(default = 3)]
        pub retries: u8,
    }

    /// The plugin.
    #[derive(Debug)]
    pub struct Rest(
        /// What it was made with.
        pub u8,
    );

    #[cvt_plugin(name = "rest", main = false)]
    impl Rest {
        #[cfg(unix)]
        fn new(config: RestConfig) -> Self {
            Self(config.retries)
        }

        #[cfg(not(unix))]
        fn new(config: RestConfig) -> Self {
            Self(config.retries + 1)
        }

        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Err(Error::aborted(self.0.to_string()))
        }
    }
}

/// A config under another name, and as a type of a trait of the plugin's.
pub mod renamed {
    use cvtplugin::prelude::*;

    /// The config.
    #[derive(Debug, PluginConfig)]
    pub struct RestConfig {
        /// How often a request is tried.
        #[config(default = 3)]
        pub retries: u8,
    }

    type Alias = RestConfig;

    /// The plugin.
    #[derive(Debug)]
    pub struct Rest(
        /// What it was made with.
        pub RestConfig,
    );

    #[cvt_plugin(name = "rest", main = false)]
    impl Rest {
        fn new(config: Alias) -> Self {
            Self(config)
        }

        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Err(Error::aborted(self.0.retries.to_string()))
        }
    }

    trait HasConfig {
        type Config;
    }

    /// Another plugin.
    #[derive(Debug)]
    pub struct Associated(
        /// What it was made with.
        pub RestConfig,
    );

    impl HasConfig for Associated {
        type Config = RestConfig;
    }

    #[cvt_plugin(name = "rest", main = false)]
    impl Associated {
        fn new(config: <Self as HasConfig>::Config) -> Self {
            Self(config)
        }

        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Err(Error::aborted(self.0.retries.to_string()))
        }
    }
}

/// A config that the plugin reads from elsewhere.
pub mod read_by_itself {
    use cvtplugin::prelude::*;

    /// The config.
    #[derive(Debug, PluginConfig)]
    pub struct Limits {
        /// How often a request is tried.
        #[config(default = 3)]
        pub retries: u8,
    }

    impl Limits {
        fn from_nothing() -> Self {
            let none: Vec<(String, SecretString)> = Vec::new();
            Self::from_values(&none.into_iter().collect()).unwrap_or(Self { retries: 0 })
        }
    }

    /// The plugin.
    #[derive(Debug)]
    pub struct Rest(
        /// What it was made with.
        pub Limits,
    );

    impl Default for Rest {
        fn default() -> Self {
            Self(Limits::from_nothing())
        }
    }

    #[cvt_plugin(name = "rest", main = false)]
    impl Rest {
        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Err(Error::aborted(self.0.retries.to_string()))
        }
    }
}
