//! Small chains, right and wrong.

mod accepted;
mod again;
mod catalogs;
mod corpus;
mod hostile;
mod mutants;
mod refused;

use super::{Phase, Proof, Step, Work, prove};

/// Proves a chain of scripts that go up, and down where a second one is given.
fn chain(scripts: &[(&str, &str)]) -> Proof {
    prove(steps(scripts), &[])
}

fn steps<'a>(scripts: &[(&'a str, &'a str)]) -> Vec<Step<'a>> {
    let step = |(up, down): &(&'a str, &'a str)| Step {
        key: format!("{up}\n{down}"),
        up: if *up == "rust" { Work::Code } else { Work::Script(up) },
        down: (!down.is_empty()).then_some(Work::Script(down)),
        require: None,
        verify: None,
    };
    scripts.iter().map(step).collect()
}

/// Writes down what is wrong with a chain: step, phase, code, the bytes that are shown, the message, help, other places.
fn said(proof: &Proof, scripts: &[(&str, &str)]) -> Vec<String> {
    let text = |step: usize, phase: Phase| match phase {
        Phase::Down => scripts[step].1,
        _ => scripts[step].0,
    };
    let mut said = Vec::new();
    for (step, proved) in proof.steps.iter().enumerate() {
        for (phase, finding) in &proved.findings {
            let mut line = format!(
                "{step} {phase:?} {} [{}] {}",
                finding.code,
                &text(step, *phase)[finding.range.clone()],
                finding.message
            );
            for help in &finding.help {
                line.push_str(&format!("; {help}"));
            }
            for (site, words) in &finding.related {
                let (step, phase) = crate::step::script(site.script);
                line.push_str(&format!("; {step} {phase:?} [{}] {words}", &text(step, phase)[site.range.clone()]));
            }
            said.push(line);
        }
    }
    said
}

/// Gives all that is wrong with a chain of scripts that only go up.
#[track_caller]
fn up(scripts: &[&str]) -> Vec<String> {
    let scripts: Vec<(&str, &str)> = scripts.iter().map(|up| (*up, "")).collect();
    said(&chain(&scripts), &scripts)
}
