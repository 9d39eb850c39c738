//! `set_config`, `health` and `shutdown`.

use std::sync::Mutex;

use cvtplugin::prelude::*;

/// Every hook, asynchronous.
#[derive(Debug, Default)]
pub struct Hooked {
    /// What happened.
    pub log: Mutex<Vec<String>>,
}

impl Hooked {
    fn note(&self, what: impl Into<String>) {
        if let Ok(mut log) = self.log.lock() {
            log.push(what.into());
        }
    }
}

#[cvt_plugin(name = "hooked", main = false, secrets("token", "password"))]
impl Hooked {
    async fn set_config(&self, _: Context, key: String, _: SecretString) -> Result<(), BoxError> {
        self.note(key);
        Ok(())
    }

    async fn health(&self) -> Health {
        Health::NotServing
    }

    async fn shutdown(&self) {
        self.note("shutdown");
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

/// Every hook, plain.
#[derive(Debug, Default)]
pub struct Plain {
    /// How often it was shut down.
    pub shutdowns: Mutex<u32>,
}

#[cvt_plugin(name = "plain", main = false, secrets())]
impl Plain {
    fn set_config(&self, _key: String, _value: SecretString) -> Result<()> {
        Ok(())
    }

    fn health(&self) -> Health {
        Health::NotServing
    }

    fn shutdown(&self) {
        if let Ok(mut shutdowns) = self.shutdowns.lock() {
            *shutdowns += 1;
        }
    }

    fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
