//! The report: a table for people, and `report.json` for programs.

use std::fmt::Write as _;

use serde::Serialize;

/// One figure, beside what was measured for comparison in the same run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// What was measured, and after "beside" what it is compared with.
    pub(crate) name: String,
    /// The measured value (a median where it is a time).
    pub(crate) value: f64,
    /// What value and baseline are counted in.
    pub(crate) unit: &'static str,
    /// The value of what it is compared with.
    pub(crate) baseline: f64,
    /// Value by baseline.
    pub(crate) ratio: f64,
    /// What the project aims at; not part of the JSON.
    #[serde(skip)]
    aim: Option<Aim>,
}

/// The most that a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Aim {
    /// The ratio at most.
    Ratio(f64),
    /// The value at most.
    Value(f64),
}

/// All figures of a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Adds a figure.
    pub(crate) fn add(&mut self, name: &str, unit: &'static str, value: f64, baseline: f64) {
        self.push(name, unit, value, baseline, None);
    }

    /// Adds a figure that the project has an aim for.
    pub(crate) fn add_with_aim(
        &mut self,
        name: &str,
        unit: &'static str,
        value: f64,
        baseline: f64,
        aim: Aim,
    ) {
        self.push(name, unit, value, baseline, Some(aim));
    }

    fn push(
        &mut self,
        name: &str,
        unit: &'static str,
        value: f64,
        baseline: f64,
        aim: Option<Aim>,
    ) {
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        self.figures.push(Figure {
            name: name.to_owned(),
            value: round(value),
            unit,
            baseline: round(baseline),
            ratio: round(value / baseline),
            aim,
        });
    }

    /// The list of figures as JSON.
    pub(crate) fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&self.figures).map(|json| json + "\n")
    }

    /// The figures in lines and columns.
    pub(crate) fn table(&self) -> String {
        let width = self
            .figures
            .iter()
            .map(|figure| figure.name.chars().count())
            .max()
            .unwrap_or_default();
        let mut table = format!(
            "{:width$}  {:>10}  {:>10}  {:5}  {:>7}  aim\n",
            "figure", "value", "baseline", "unit", "ratio"
        );
        for figure in &self.figures {
            // Writing to a string does not fail.
            let _ = writeln!(
                table,
                "{:width$}  {:>10.2}  {:>10.2}  {:5}  {:>7.2}  {}",
                figure.name,
                figure.value,
                figure.baseline,
                figure.unit,
                figure.ratio,
                figure.judgement()
            );
        }
        table
    }
}

impl Figure {
    fn judgement(&self) -> String {
        let (what, found, most) = match self.aim {
            None => return "-".to_owned(),
            Some(Aim::Ratio(most)) => ("ratio", self.ratio, most),
            Some(Aim::Value(most)) => ("value", self.value, most),
        };
        let verdict = if found <= most { "met" } else { "MISSED" };
        format!("{what} at most {most}: {verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn report() -> Report {
        let mut report = Report::default();
        report.add_with_aim("registration", "µs", 60.0, 40.0, Aim::Ratio(1.5));
        report.add_with_aim("memory", "MB", 15.5, 10.0, Aim::Value(15.0));
        report.add("commands", "APDUs", 4.0, 3.0);
        report
    }

    #[test]
    fn the_json_is_a_list_of_five_members_each() {
        let json: Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(
            json,
            json!([
                {"name": "registration", "value": 60.0, "unit": "µs", "baseline": 40.0, "ratio": 1.5},
                {"name": "memory", "value": 15.5, "unit": "MB", "baseline": 10.0, "ratio": 1.55},
                {"name": "commands", "value": 4.0, "unit": "APDUs", "baseline": 3.0, "ratio": 1.333},
            ])
        );
    }

    #[test]
    fn the_table_has_a_line_for_each_figure_and_says_which_aims_are_missed() {
        let table = report().table();
        let lines: Vec<&str> = table.lines().collect();
        let [heading, registration, memory, commands] = lines.as_slice() else {
            panic!("{table}");
        };
        assert!(heading.starts_with("figure"));
        assert!(registration.ends_with("ratio at most 1.5: met"));
        assert!(memory.ends_with("value at most 15: MISSED"));
        assert!(commands.ends_with('-'));
    }
}
