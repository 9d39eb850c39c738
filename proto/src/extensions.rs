//! The RPCs of the extension services, as the .proto files declare them.

use proc_macro2::{Ident, TokenStream};
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto};
use quote::{format_ident, quote};

use crate::comments::{METHODS, SERVICES, as_i32, comment};

/// The extension services: the name a plugin declares each by, and its variant in the macros'
/// `Service`.
const EXTENSIONS: [(&str, &str, &str); 2] = [
    (
        "cvt.plugin.registry.v1.RegistryProvider",
        "registry.v1",
        "Registry",
    ),
    ("cvt.plugin.events.v1.EventHandler", "events.v1", "Events"),
];

/// An extension service.
pub(crate) struct Extension {
    pub(crate) name: String,
    /// Its full name.
    pub(crate) grpc_service: String,
    /// The name by which a plugin declares it.
    pub(crate) declared: &'static str,
    /// Its variant in the macros' `Service`.
    pub(crate) kind: &'static str,
    /// The last module of its generated code, such as `registry_v1`.
    pub(crate) module: Ident,
    pub(crate) rpcs: Vec<Rpc>,
}

/// One of its RPCs.
pub(crate) struct Rpc {
    /// `FetchSchema`.
    pub(crate) name: Ident,
    /// `fetch_schema`.
    pub(crate) method: Ident,
    /// The path of the request's type in cvtplugin.
    pub(crate) request: TokenStream,
    pub(crate) response: TokenStream,
    /// The last segment of these paths.
    pub(crate) request_name: String,
    pub(crate) response_name: String,
    /// Whether the response says no more than "done".
    pub(crate) is_acknowledged: bool,
    /// What it is for.
    pub(crate) comment: String,
}

/// Whether the file declares an extension service.
pub(crate) fn is_extension(file: &FileDescriptorProto) -> bool {
    let mut extensions = EXTENSIONS.iter();
    extensions.any(|(service, ..)| {
        service
            .rsplit_once('.')
            .is_some_and(|it| it.0 == file.package())
    })
}

pub(crate) fn extensions(cvt: &FileDescriptorSet) -> Vec<Extension> {
    let files = cvt.file.iter().filter(|file| is_extension(file));
    files.flat_map(extensions_of).collect()
}

fn extensions_of(file: &FileDescriptorProto) -> impl Iterator<Item = Extension> {
    let services = file.service.iter().enumerate();
    services.filter_map(move |(index, service)| {
        let grpc_service = format!("{}.{}", file.package(), service.name());
        let mut known = EXTENSIONS.iter();
        let (_, declared, kind) = known.find(|(name, ..)| *name == grpc_service)?;
        let methods = service.method.iter().enumerate();
        let rpcs = methods.map(|(number, method)| rpc(file, [index, number], method));
        Some(Extension {
            name: service.name().to_owned(),
            rpcs: rpcs.collect(),
            grpc_service,
            declared,
            kind,
            module: module(file),
        })
    })
}

fn rpc(file: &FileDescriptorProto, place: [usize; 2], method: &MethodDescriptorProto) -> Rpc {
    let [service, number] = place;
    let path = [SERVICES, as_i32(service), METHODS, as_i32(number)];
    let response_name = last_segment(method.output_type());
    let mut messages = file.message_type.iter();
    let response = messages.find(|message| message.name() == response_name);
    Rpc {
        name: format_ident!("{}", method.name()),
        method: format_ident!("{}", snake_case(method.name())),
        request: message(method.input_type()),
        response: message(method.output_type()),
        request_name: last_segment(method.input_type()),
        is_acknowledged: response.is_some_and(is_acknowledgement),
        response_name,
        comment: comment(file, &path),
    }
}

/// The path of a message in cvtplugin: `.cvt.plugin.events.v1.EventResponse` there is
/// `crate::pb::events::v1::EventResponse`.
fn message(name: &str) -> TokenStream {
    let path = name.trim_start_matches(".cvt.plugin.").split('.');
    let path = path.map(|segment| format_ident!("{segment}"));
    quote!(crate::pb #(::#path)*)
}

fn last_segment(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

/// Whether a message says no more than "done".
pub(crate) fn is_acknowledgement(message: &DescriptorProto) -> bool {
    matches!(&message.field[..], [field] if field.name() == "acknowledged")
}

/// `cvt.plugin.events.v1` -> `events_v1`
fn module(file: &FileDescriptorProto) -> Ident {
    let package = file.package().replace("cvt.plugin.", "");
    format_ident!("{}", package.replace('.', "_"))
}

pub(crate) fn snake_case(camel_case: &str) -> String {
    let mut snake_case = String::new();
    for char in camel_case.chars() {
        if char.is_uppercase() && !snake_case.is_empty() {
            snake_case.push('_');
        }
        snake_case.extend(char.to_lowercase());
    }
    snake_case
}
