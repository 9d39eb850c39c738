//! Templates: `{{name}}` stands for a value. What stands between a line with `{{#flag}}` and one
//! with `{{/flag}}` is only there if the flag is set, and with `{{^flag}}` if it is not.

/// What fills in the templates of a project.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) texts: Vec<(&'a str, &'a str)>,
    pub(super) flags: Vec<(&'a str, bool)>,
}

impl Values<'_> {
    /// Fills in a template.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut filled = String::new();
        let mut shown = true;
        for line in template.split_inclusive('\n') {
            match self.marker(line) {
                Some(show) => shown = show,
                None if shown => filled.push_str(line),
                None => {}
            }
        }
        let fill = |text: String, (name, value): &(&str, &str)| {
            text.replace(&format!("{{{{{name}}}}}"), value)
        };
        self.texts.iter().fold(filled, fill)
    }

    /// Whether a line begins or ends a part of its own, and whether what follows is shown.
    fn marker(&self, line: &str) -> Option<bool> {
        let is_in = |sign, name: &str| line.contains(&format!("{{{{{sign}{name}}}}}"));
        self.flags.iter().find_map(|&(name, set)| match () {
            () if is_in('#', name) => Some(set),
            () if is_in('^', name) => Some(!set),
            () if is_in('/', name) => Some(true),
            () => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn template_values_and_flags_are_filled_in() {
        let template = "a {{x}}{{x}}\n// {{#on}}\nb\n// {{/on}}\n# {{#off}}\nc {{x}}\n# {{/off}}\n\
                        # {{^on}}\nd\n# {{/on}}\n{{^off}}\ne\n{{/off}}\n${{{x}}_Y}\n";
        let values = Values {
            texts: vec![("x", "1")],
            flags: vec![("on", true), ("off", false)],
        };
        assert_eq!(values.fill(template), "a 11\nb\ne\n${1_Y}\n");
    }
}
