//! Constructors and setters for the public messages, so that a new field breaks nobody.

use proc_macro2::TokenStream;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};
use quote::{format_ident, quote};

use crate::comments::{FIELDS, MESSAGES, as_i32, comment, decapitalized};
use crate::extensions::is_acknowledgement;
use crate::format::{Error, format_tokens};

/// The fields without which a message says nothing: the arguments of its `new`.
const CONSTRUCTORS: [(&str, &[&str]); 11] = [
    ("SetConfigRequest", &["key", "value"]),
    ("FetchSchemaRequest", &["schema_id"]),
    ("FetchSchemaResponse", &["spec"]),
    (
        "RegisterConsumerUsageRequest",
        &["consumer_id", "schema_id", "schema_version"],
    ),
    ("EndpointUsage", &["method", "path"]),
    ("RegisterConsumerUsageResponse", &["acknowledged"]),
    (
        "BreakingChangeDetectedRequest",
        &["schema_id", "old_version", "new_version"],
    ),
    ("BreakingChange", &["kind", "description"]),
    ("ValidationFailedRequest", &["schema_id", "method", "path"]),
    ("ValidationError", &["kind", "description"]),
    ("EventResponse", &["acknowledged"]),
];

/// The derives that prost adds where a message's present fields allow them.
const PROMISES: [&str; 3] = ["Copy, ", "Eq, ", "Hash, "];

/// Takes from each message what a new field could take from it too: a message that is `Copy`
/// today would break its users by one more string.
pub(crate) fn without_promises(code: &[u8]) -> Result<Vec<u8>, Error> {
    let mut kept = String::new();
    for line in std::str::from_utf8(code)?.split_inclusive('\n') {
        let is_derive = line.starts_with("#[derive(") && line.contains("::prost::Message");
        let promises = PROMISES.iter().filter(|_| is_derive);
        let line = promises.fold(line.to_owned(), |line, promise| {
            line.replace(&format!(" {promise}"), " ")
        });
        kept.push_str(&line);
    }
    Ok(kept.into_bytes())
}

pub(crate) fn render(file: &FileDescriptorProto) -> Result<String, Error> {
    let impls = file
        .message_type
        .iter()
        .enumerate()
        .map(|(index, message)| render_message(file, index, message))
        .collect::<Result<Vec<_>, _>>()?;
    format_tokens(quote! { #(#impls)* })
}

fn render_message(
    file: &FileDescriptorProto,
    index: usize,
    message: &DescriptorProto,
) -> Result<TokenStream, Error> {
    let setters = message
        .field
        .iter()
        .enumerate()
        // prost gives an enum field its own getter and setter.
        .filter(|(_, field)| field.r#type() != Type::Enum)
        .map(|(field_index, field)| {
            render_setter(
                field,
                &comment(
                    file,
                    &[MESSAGES, as_i32(index), FIELDS, as_i32(field_index)],
                ),
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    let constructor = CONSTRUCTORS
        .iter()
        .find(|(name, _)| *name == message.name())
        .map(|(_, fields)| render_constructor(message, fields))
        .transpose()?;
    if setters.is_empty() {
        return Ok(TokenStream::new());
    }
    let name = format_ident!("{}", message.name());
    let request_id = render_request_id(message);
    let acknowledgement = render_acknowledgement(message);
    Ok(quote! {
        impl #name {
            #constructor
            #(#setters)*
        }
        #request_id
        #acknowledgement
    })
}

/// Lets `Result<()>` stand for a message that says no more than "done".
fn render_acknowledgement(message: &DescriptorProto) -> Option<TokenStream> {
    let name = format_ident!("{}", message.name());
    is_acknowledgement(message).then(|| {
        quote! {
            impl crate::__private::Acknowledgement for #name {
                fn acknowledged() -> Self {
                    Self::default().acknowledged(true)
                }
            }
        }
    })
}

/// Lets the server name the request in its log, for a message that carries its id.
fn render_request_id(message: &DescriptorProto) -> Option<TokenStream> {
    let has_one = message
        .field
        .iter()
        .any(|field| field.name() == "request_id");
    let name = format_ident!("{}", message.name());
    has_one.then(|| {
        quote! {
            impl crate::server::RequestId for #name {
                fn request_id(&self) -> &str {
                    &self.request_id
                }
            }
        }
    })
}

fn render_constructor(message: &DescriptorProto, fields: &[&str]) -> Result<TokenStream, Error> {
    let arguments = fields
        .iter()
        .map(|name| {
            let field = message.field.iter().find(|field| field.name() == *name);
            let field = field.ok_or_else(|| format!("{} has no field {name}", message.name()))?;
            let ident = format_ident!("{name}");
            let value = Value::of(field)?.argument;
            Ok(quote! { #ident: #value })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let idents = fields.iter().map(|name| format_ident!("{name}"));
    let doc = format!(
        " A message with {}; every other field is empty.",
        fields
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    Ok(quote! {
        #[doc = #doc]
        pub fn new(#(#arguments),*) -> Self {
            Self::default() #(.#idents(#idents))*
        }
    })
}

fn render_setter(field: &FieldDescriptorProto, comment: &str) -> Result<TokenStream, Error> {
    let name = format_ident!("{}", field.name());
    let Value {
        argument,
        conversion,
    } = Value::of(field)?;
    let doc = format!(" Sets `{}`: {}", field.name(), decapitalized(comment));
    Ok(quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = #name #conversion;
            self
        }
    })
}

/// How a setter takes a field's value, and turns it into the field's type.
struct Value {
    argument: TokenStream,
    conversion: TokenStream,
}

impl Value {
    fn of(field: &FieldDescriptorProto) -> Result<Self, Error> {
        let name = field
            .type_name()
            .rsplit('.')
            .next()
            .map(|name| format_ident!("{}", if name.is_empty() { "_" } else { name }));
        let repeated = field.label() == Label::Repeated;
        let (argument, conversion) = match (field.r#type(), repeated) {
            (Type::String, false) => (quote!(impl Into<String>), quote!(.into())),
            (Type::String, true) => (
                quote!(impl IntoIterator<Item = impl Into<String>>),
                quote!(.into_iter().map(Into::into).collect()),
            ),
            (Type::Bytes, false) => (quote!(impl Into<bytes::Bytes>), quote!(.into())),
            (Type::Bool, false) => (quote!(bool), quote!()),
            (Type::Uint32, false) => (quote!(u32), quote!()),
            (Type::Message, true) => (
                quote!(impl IntoIterator<Item = #name>),
                quote!(.into_iter().collect()),
            ),
            (other, _) => {
                return Err(format!(
                    "field {} has type {other:?}: teach proto/src/messages.rs how a setter takes it",
                    field.name()
                )
                .into());
            }
        };
        Ok(Self {
            argument,
            conversion,
        })
    }
}
