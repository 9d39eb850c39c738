//! The items of an impl block, told apart without a look into any body: those are rustc's
//! business, and cost a look for each of their tokens.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// An item and the attributes before it.
pub(super) struct Item<'a> {
    /// Each with its `#`.
    pub(super) attributes: Vec<&'a [TokenTree]>,
    /// What comes after the attributes.
    pub(super) tokens: &'a [TokenTree],
    pub(super) kind: Kind<'a>,
}

pub(super) enum Kind<'a> {
    Method {
        name: &'a Ident,
        /// From the visibility to the return type.
        signature: &'a [TokenTree],
    },
    /// A constant, a type, or an inner attribute.
    Other,
    MacroCall,
    /// What rustc cannot read either: half-typed, most likely.
    Unreadable,
}

/// Splits what is left of a block into items.
pub(super) struct Items<'a>(pub(super) &'a [TokenTree]);

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let attributes = self.attributes();
        let (kind, length) = read(self.0);
        Some(Item {
            attributes,
            tokens: self.split_off(length),
            kind,
        })
    }
}

impl<'a> Items<'a> {
    /// The attributes that come next.
    pub(super) fn attributes(&mut self) -> Vec<&'a [TokenTree]> {
        let mut attributes = Vec::new();
        while let [hash, list, ..] = self.0
            && is_punct(hash, '#')
            && is_group(list, Delimiter::Bracket)
        {
            attributes.push(self.split_off(2));
        }
        attributes
    }

    fn split_off(&mut self, length: usize) -> &'a [TokenTree] {
        let (tokens, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        tokens
    }
}

/// What kind of item the tokens begin with, and how many they are.
fn read(tokens: &[TokenTree]) -> (Kind<'_>, usize) {
    if let [hash, bang, _, ..] = tokens
        && is_punct(hash, '#')
        && is_punct(bang, '!')
    {
        return (Kind::Other, 3);
    }
    let start = after_qualifiers(tokens);
    match &tokens[start..] {
        [function, TokenTree::Ident(name), ..] if is_ident(function, "fn") => {
            method(tokens, start, name)
        }
        [keyword, ..] if is_ident(keyword, "const") || is_ident(keyword, "type") => {
            let length = start + up_to(&tokens[start..], |it| is_punct(it, ';'));
            let kind = if runs_into_a_method(&tokens[..length]) {
                Kind::Unreadable
            } else {
                Kind::Other
            };
            (kind, length)
        }
        rest => match macro_call(rest) {
            Some(length) => (Kind::MacroCall, start + length),
            None => (Kind::Unreadable, up_to(tokens, ends_an_item)),
        },
    }
}

/// Where the visibility and what may stand before `fn` end. The `const` of a constant is none of
/// that.
fn after_qualifiers(tokens: &[TokenTree]) -> usize {
    let is_qualifier = |index: usize| match &tokens[index] {
        TokenTree::Ident(ident) if ident == "const" => tokens.get(index + 1).is_some_and(|next| {
            ["fn", "async", "unsafe", "extern"]
                .iter()
                .any(|it| is_ident(next, it))
        }),
        TokenTree::Ident(ident) => {
            let qualifiers = ["pub", "default", "async", "unsafe", "safe", "extern"];
            let is_macro = tokens
                .get(index + 1)
                .is_some_and(|next| is_punct(next, '!'));
            !is_macro && qualifiers.iter().any(|qualifier| ident == qualifier)
        }
        // The ABI of `extern "C"`, and the parentheses of `pub(crate)`.
        TokenTree::Literal(_) => index > 0 && is_ident(&tokens[index - 1], "extern"),
        TokenTree::Group(group) => {
            let is_visibility = index > 0 && is_ident(&tokens[index - 1], "pub");
            is_visibility && group.delimiter() == Delimiter::Parenthesis
        }
        TokenTree::Punct(_) => false,
    };
    (0..tokens.len())
        .find(|&index| !is_qualifier(index))
        .unwrap_or(tokens.len())
}

/// A method, whose `fn` is at `start`: it ends with its body, or with a semicolon if that is yet to
/// be written.
fn method<'a>(tokens: &'a [TokenTree], start: usize, name: &'a Ident) -> (Kind<'a>, usize) {
    let (mut depth, mut after_dash) = (0, false);
    let is_end = |token: &TokenTree| {
        let in_arrow = std::mem::replace(&mut after_dash, is_punct(token, '-'));
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if !in_arrow => depth -= 1,
                _ => {}
            }
        }
        // The braces of a constant argument, `Buffer<{ N }>`, are not a body.
        is_punct(token, ';') || depth == 0 && is_body(token)
    };
    let length = start + up_to(&tokens[start..], is_end);
    let signature = &tokens[..length - 1];
    let kind = if runs_into_a_method(&tokens[start + 1..length]) {
        Kind::Unreadable
    } else {
        Kind::Method { name, signature }
    };
    (kind, length)
}

/// How long the macro call is that the tokens begin with, if they do: `path::to::macro! { .. }`.
fn macro_call(tokens: &[TokenTree]) -> Option<usize> {
    let bang = tokens.iter().position(|token| is_punct(token, '!'))?;
    let is_path = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), ':' | '$'),
        TokenTree::Ident(_) => true,
        _ => false,
    };
    let is_call = bang > 0 && tokens[..bang].iter().all(is_path);
    is_call.then(|| bang + up_to(&tokens[bang..], ends_an_item))
}

/// How many tokens there are up to the first that `ends`, and with it.
fn up_to(tokens: &[TokenTree], ends: impl FnMut(&TokenTree) -> bool) -> usize {
    let end = tokens.iter().position(ends);
    end.map_or(tokens.len(), |index| index + 1)
}

pub(super) fn ends_an_item(token: &TokenTree) -> bool {
    is_punct(token, ';') || is_body(token)
}

/// Whether a method begins before the item has ended, as it does in unfinished code. Without a
/// name, `fn` is a pointer.
fn runs_into_a_method(tokens: &[TokenTree]) -> bool {
    let mut pairs = tokens.windows(2);
    pairs.any(|pair| is_ident(&pair[0], "fn") && matches!(pair[1], TokenTree::Ident(_)))
}

/// Whether a token is a group in braces, perhaps in the invisible group that a macro by example
/// puts around its `$body:block`.
fn is_body(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut tokens = group.stream().into_iter();
            let first = tokens.next();
            tokens.next().is_none() && first.is_some_and(|only| is_body(&only))
        }
        _ => false,
    }
}

/// The tokens of a block. Those in an invisible group at the start of an item are among them: what
/// a macro by example makes of its `$item:item` and `$vis:vis`.
pub(super) fn flatten(stream: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    append(&mut flat, stream);
    flat
}

fn append(flat: &mut Vec<TokenTree>, stream: TokenStream) {
    for token in stream {
        match &token {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::None && may_start_an_item(flat) =>
            {
                append(flat, group.stream());
            }
            _ => flat.push(token),
        }
    }
}

fn may_start_an_item(before: &[TokenTree]) -> bool {
    match before {
        [] => true,
        [.., hash, list] if is_punct(hash, '#') && is_group(list, Delimiter::Bracket) => true,
        [.., last] => ends_an_item(last),
    }
}

pub(super) fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

pub(super) fn is_ident(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == text)
}
