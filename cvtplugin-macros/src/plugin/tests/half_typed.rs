//! Code that its author has not finished: editors expand it at every keystroke.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::{expand, tokens};

const OTHER: &str =
    "async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> { Ok(()) }";

/// The expansion of a block with these methods: the author's impl, and what follows it.
fn parts(methods: &str) -> (String, String) {
    let item = tokens(&format!("impl Rest {{ {methods} {OTHER} }}"));
    let mut output = expand(tokens(r#"name = "rest""#), &item).into_iter();
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(_));
    let mut author = TokenStream::new();
    for token in output.by_ref() {
        let ends = is_body(&token);
        token.to_tokens(&mut author);
        if ends {
            break;
        }
    }
    (
        author.to_string(),
        output.collect::<TokenStream>().to_string(),
    )
}

#[test]
fn unfinished_body_costs_nothing() {
    let signature =
        "async fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<FetchSchemaResponse>";
    let usage = "fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()>";
    let (_, finished) = parts(&format!("{signature} {{ todo!() }} {usage} {{ Ok(()) }}"));
    for body in [
        "self.",
        "let x = ; match",
        "if self.client. { } else",
        "Ok(Response::new(,))",
    ] {
        let (author, generated) = parts(&format!("{signature} {{ {body} }} {usage} {{ Ok(()) }}"));
        assert_eq!(generated, finished, "{body}");
        assert!(author.contains(&tokens(body).to_string()), "{author}");
    }
}

#[test]
fn unfinished_signature_costs_its_method_alone() {
    for method in [
        "async fn",
        "async fn fetch_schema",
        "async fn fetch_schema(&self, request: ) -> Result<FetchSchemaResponse> { todo!() }",
        "async fn fetch_schema(&self, request: FetchSchemaRequest) -> { todo!() }",
        "#[doc = ] async fn help(&self, request: FetchSchemaRequest) {}",
        "pub(crate) fetch_schema() {}",
        "const LIMIT: usize = 4",
    ] {
        let (author, generated) = parts(method);
        assert!(
            author.contains(&tokens(method).to_string()),
            "{method}: {author}"
        );
        // What is missing may be what is being typed.
        assert!(
            !generated.contains("compile_error"),
            "{method}: {generated}"
        );
        assert!(generated.contains("fn main"), "{method}");
    }
}

#[test]
fn other_items_are_left_as_they_are() {
    let (author, generated) = parts(
        "#![allow(unused)] const LIMITS: Limits = Limits { calls: 4 }; const fn zero() -> u8 { 0 } \
         type Client = (); #[cvt_plugin(ignore)] helper! { fn fetch_schemas() } pub fn plain(self) {}",
    );
    assert!(!generated.contains("compile_error"), "{generated}");
    assert!(
        author.contains("helper ! { fn fetch_schemas () }"),
        "{author}"
    );
    assert!(author.contains("Limits { calls : 4 } ;"), "{author}");
}
