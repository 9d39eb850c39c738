//! Where the operator keeps a plugin's secrets.

use std::collections::BTreeSet;

/// Names environment variables for the secrets of a plugin, each its own.
pub(super) struct Variables<'a> {
    plugin: &'a str,
    taken: BTreeSet<String>,
}

impl<'a> Variables<'a> {
    pub(super) fn of(plugin: &'a str) -> Self {
        Self {
            plugin,
            taken: BTreeSet::new(),
        }
    }

    /// The variable for the next secret: `REST_TOKEN`. Keys that differ only in what no variable
    /// may hold get an underscore more, one after the other.
    pub(super) fn next_for(&mut self, key: &str) -> String {
        let name = format!("{}_{key}", self.plugin).to_uppercase();
        let mut name = name.replace(|char: char| !char.is_ascii_alphanumeric(), "_");
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::Variables;

    #[test]
    fn secrets_have_a_variable_each() {
        let mut variables = Variables::of("my-rest");
        let named = ["api.token", "api-token", "api_token_", "API_TOKEN", "pin"]
            .map(|key| variables.next_for(key));
        assert_eq!(
            named,
            [
                "MY_REST_API_TOKEN",
                "MY_REST_API_TOKEN_",
                "MY_REST_API_TOKEN__",
                "MY_REST_API_TOKEN___",
                "MY_REST_PIN",
            ]
        );
    }
}
