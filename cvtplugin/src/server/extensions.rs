//! Adding the services of extensions to a server.

use super::dispatch::dispatcher::Dispatcher;
use super::dispatch::handler_provider::HandlerProvider;
use super::transport::admission::Class;
use super::transport::router::Router;
use super::{Extension, Server, services};
use crate::protocol::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};
use crate::providers::{EventHandler, RegistryProvider};

impl Server {
    pub(super) fn registry_from<S: HandlerProvider<Handler: RegistryProvider>>(
        self,
        provider: impl FnOnce(&Dispatcher) -> S + Send + 'static,
    ) -> Self {
        self.extension(SERVICE_REGISTRY_V1, move |dispatcher, router| {
            let service = services::registry(dispatcher.clone(), provider(dispatcher));
            router.for_each(Class::Call, service);
        })
    }

    pub(super) fn events_from<S: HandlerProvider<Handler: EventHandler>>(
        self,
        provider: impl FnOnce(&Dispatcher) -> S + Send + 'static,
    ) -> Self {
        self.extension(SERVICE_EVENTS_V1, move |dispatcher, router| {
            let service = services::events(dispatcher.clone(), provider(dispatcher));
            router.for_each(Class::Call, service);
        })
    }

    /// Adds a service, or replaces it.
    pub(super) fn extension(
        mut self,
        name: &'static str,
        add: impl FnOnce(&Dispatcher, &mut Router) + Send + 'static,
    ) -> Self {
        self.extensions.retain(|extension| extension.name != name);
        let add = Box::new(add);
        self.extensions.push(Extension { name, add });
        self
    }
}
