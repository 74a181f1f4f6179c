//! `plan`: what would be done; and a dry run's exact statements.

use crate::cli::args::PlanOptions;
use crate::cli::document::{PlanBody, PlannedStep};
use crate::cli::effect;
use crate::cli::failure::Failure;
use crate::cli::output::{Answer, counted};
use crate::cli::session::Session;
use crate::cli::table::{Cell, Table};
use crate::cli::target::target;
use crate::cli::terminal::{BAD, GOOD, coloured, width};
use crate::cli::unavailable::Unavailable;
use crate::databases::{Access, Databases};
use crate::escaped::Escaped;
use crate::migrator::{Migrator, StepText};
use crate::plan::{Plan, Step};
use crate::{Direction, Work};

pub(super) async fn plan(session: &Session<'_>, options: &PlanOptions) -> Result<Answer, Failure> {
    let direction = if options.rollback { Direction::Down } else { Direction::Up };
    let target = target(session.registry, &options.range, direction, options.all)?;
    let migrator = session.migrator().out_of_order(options.order.policy()).available(options.available);
    let mut databases = session.open_for(Access::ReadOnly, options.available).await?;
    let plan = migrator.plan(&mut databases, &target, direction).await?;
    let left_out = left_out(&plan, &databases);
    let text = text(session, &plan) + &left_out.text(session);
    session.answer(PlanBody { unavailable: left_out, ..body(&plan) }, text)
}

/// Shows the statements of a plan as they would be sent.
pub(super) async fn dry_run(
    session: &Session<'_>,
    migrator: &Migrator,
    databases: &mut Databases,
    plan: &Plan,
) -> Result<Answer, Failure> {
    let texts = migrator.statements(databases, plan).await?;
    let left_out = left_out(plan, databases);
    let waiting = left_out.comment();
    let mut body = PlanBody { unavailable: left_out, ..body(plan) };
    for (step, text) in body.steps.iter_mut().zip(&texts) {
        step.statements = Some(text.statements.clone());
    }
    let text = if texts.is_empty() { "-- nothing to do\n".into() } else { scripts(plan, &texts) };
    session.answer(body, text + &waiting)
}

/// Writes the steps of a plan as a script.
pub(super) fn scripts(plan: &Plan, texts: &[StepText]) -> String {
    let steps = plan.steps().iter().zip(texts);
    steps.map(|(step, text)| script(text, &effects(step, plan.direction()))).collect()
}

fn left_out(plan: &Plan, databases: &Databases) -> Unavailable {
    Unavailable::of(databases, plan.waiting().map(|(m, on)| (m.id(), m.database(), on)))
}

fn body(plan: &Plan) -> PlanBody {
    PlanBody {
        unavailable: Unavailable::default(),
        direction: plan.direction().as_str(),
        steps: plan.steps().iter().map(|step| PlannedStep::new(step, plan.direction())).collect(),
    }
}

fn text(session: &Session<'_>, plan: &Plan) -> String {
    let up = plan.direction() == Direction::Up;
    if plan.is_empty() {
        return if up { "nothing to apply\n".into() } else { "nothing to roll back\n".into() };
    }
    let mut table = Table::new(["  id", "database", "schema", "work", "way back", "description"]);
    for step in plan.steps() {
        let m = step.migration;
        let (mark, style) = if up { ('+', GOOD) } else { ('-', BAD) };
        let database = if session.several() { m.database() } else { "" };
        let schema = m.schema().map(ToString::to_string).unwrap_or_default();
        let id = Cell::new(style, format!("{mark} {}", m.id()));
        let rest = [database, &schema, &work(step), &way_back(step), m.description()];
        table.row(std::iter::once(id).chain(rest.map(Cell::from)));
        effects(step, plan.direction()).into_iter().for_each(|line| table.note(line));
    }
    let (verb, command) = if up { ("apply", "apply") } else { ("roll back", "rollback") };
    let count = counted(plan.steps().len(), "migration");
    format!(
        "{}\n{count} to {verb}\nnext: {}\n",
        table.draw(width(), coloured(&std::io::stdout())),
        session.call.as_far(command)
    )
}

fn effects(step: &Step, direction: Direction) -> Vec<String> {
    if step.recorded { Vec::new() } else { effect::words(step, direction) }
}

fn work(step: &Step) -> String {
    if step.recorded {
        return format!("recorded: {} applied", counted(step.migration.replaces().len(), "migration"));
    }
    let what = match step.work() {
        Some(Work::Script(script)) => counted(script.statements().len(), "statement"),
        _ => "Rust code".into(),
    };
    if step.migration.is_transactional() { what } else { format!("{what}, no transaction") }
}

fn way_back(step: &Step) -> String {
    let m = step.migration;
    match (m.irreversible(), m.down()) {
        (Some(_), _) | (None, None) => "none".into(),
        (None, Some(_)) if m.down_loses().is_empty() => "loses nothing".into(),
        (None, Some(_)) => m.down_loses().join(", "),
    }
}

/// Writes a step as a script that could be run by hand.
fn script(step: &StepText, effect: &[String]) -> String {
    let (comment, end) = (step.comment, step.separator);
    let mut script = format!("{comment} {} on {}\n", step.id, step.database);
    effect.iter().for_each(|line| script += &format!("{comment}   {}\n", Escaped(line)));
    for statement in &step.statements {
        let statement = statement.trim_end();
        script += statement;
        let is_comment = |line: &str| line.trim_start().starts_with(comment);
        let ends_in_comment = statement.lines().next_back().is_some_and(|line| line.contains(comment));
        if !(end.is_empty() || statement.lines().all(is_comment) || statement.ends_with(end)) {
            script += if ends_in_comment { "\n" } else { "" };
            script += end;
        }
        script.push('\n');
    }
    script + "\n"
}
