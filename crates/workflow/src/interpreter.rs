//! Goes through a definition, step by step.
//!
//! Deterministic: the same input and the same answers of the [`Host`] lead to the same calls in the same order. There is
//! no clock, no chance and no I/O here, since a run that was interrupted is taken up by going through it again.

mod preview;
mod task;
mod values;

use std::time::Duration;

use crate::{Branch, DelayUnit, Scope, Step, Work};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

pub use self::preview::{Preview, preview};
use self::values::{filled, first_that_holds, length, list_of};
use super::retry;
use super::run::{Ending, Note, Remedy, RunInput, StepCall, StepError, Task};

/// What a run needs from outside; each call is done once and its answer kept.
pub trait Host: Send + Sync {
    /// Tries a step.
    fn step(&self, call: StepCall) -> BoxFuture<'static, Result<Value, StepError>>;
    /// Waits.
    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()>;
    /// Completes when the user may have connected the account again.
    fn reconnected(&self) -> BoxFuture<'static, ()>;
    /// Goes on with all at the same time.
    fn together<'a>(&self, lanes: Vec<BoxFuture<'a, Lane>>) -> BoxFuture<'a, Vec<Lane>>;
}

/// What came out of some entries of a fan-out: the number and output of each, and the notes that are left.
pub type Lane = Result<(Vec<(usize, Value)>, Vec<Note>), Failure>;

/// A step failed, and the run with it.
#[derive(Debug)]
pub struct Failure {
    /// Path of the step.
    path: String,
    error: Box<StepError>,
    /// Notes that are left.
    notes: Vec<Note>,
}

/// Runs `input` and says how it ended.
pub async fn interpret(host: &dyn Host, input: RunInput) -> Ending {
    let scope = Scope::new(input.trigger, input.settings, input.user, input.meta);
    let mut place = Place {
        scope,
        prefix: String::new(),
        notes: Vec::new(),
    };
    let interpreter = Interpreter {
        host,
        run: input.run,
    };
    match interpreter.list(&input.definition.steps, &mut place).await {
        Ok(_) => Ending {
            run: input.run,
            failure: None,
            notes: place.notes,
        },
        Err(Failure { path, error, notes }) => Ending {
            run: input.run,
            failure: Some((path, *error)),
            notes,
        },
    }
}

struct Interpreter<'h> {
    host: &'h dyn Host,
    run: uuid::Uuid,
}

/// Where the run is.
struct Place {
    scope: Scope,
    /// Entries of fan-outs around it: `each[3]/`.
    prefix: String,
    notes: Vec<Note>,
}

impl Place {
    fn path(&self, step: &Step) -> String {
        format!("{}{}", self.prefix, step.id)
    }

    fn note(&mut self, path: &str, input: Value, output: &Value) {
        self.notes.push(Note {
            path: path.to_owned(),
            is_done: true,
            input,
            output: output.clone(),
            error: None,
        });
    }

    fn fail(&mut self, path: String, error: StepError) -> Failure {
        Failure {
            path,
            error: Box::new(error),
            notes: std::mem::take(&mut self.notes),
        }
    }

    /// A failure before anything was tried, or of what was tried inside: history has to know the step all the same.
    fn undone(&mut self, step: &Step, error: StepError) -> Failure {
        let path = self.path(step);
        self.notes.push(Note {
            path: path.clone(),
            is_done: true,
            input: Value::Null,
            output: Value::Null,
            error: Some(error.clone()),
        });
        self.fail(path, error)
    }
}

impl Interpreter<'_> {
    /// Runs steps one after another and gives the output of the last.
    fn list<'a>(
        &'a self,
        steps: &'a [Step],
        place: &'a mut Place,
    ) -> BoxFuture<'a, Result<Value, Failure>> {
        Box::pin(async move {
            let mut last = Value::Null;
            for step in steps {
                let path = place.path(step);
                last = match self.work(step, &path, place).await {
                    Ok(output) => output,
                    Err(mut failure) if step.continue_on_error => {
                        place.notes.append(&mut failure.notes);
                        let error = failure.error;
                        json!({"error": {"code": error.code, "message": error.message}})
                    }
                    Err(failure) => return Err(failure),
                };
                place.scope.set_output(&step.id, last.clone());
            }
            Ok(last)
        })
    }

    async fn work(&self, step: &Step, path: &str, place: &mut Place) -> Result<Value, Failure> {
        if let Some(task) = task::of(&step.work, &place.scope) {
            let task = task.map_err(|error| place.undone(step, error))?;
            return self.attempts(step, path, task, place).await;
        }
        match &step.work {
            Work::Conditional {
                branches,
                otherwise,
            } => {
                self.conditional(branches, otherwise, step, path, place)
                    .await
            }
            Work::FanOut {
                over,
                at_once,
                steps,
            } => self.fan_out(over, *at_once, steps, step, path, place).await,
            Work::Delay { amount, unit } => self.delay(amount, *unit, step, path, place).await,
            Work::Action { .. }
            | Work::IntegrationRequest { .. }
            | Work::Request { .. }
            | Work::Response { .. } => Ok(Value::Null),
        }
    }

    /// Tries until it works, nothing helps any more, or it was the last try.
    async fn attempts(
        &self,
        step: &Step,
        path: &str,
        task: Task,
        place: &mut Place,
    ) -> Result<Value, Failure> {
        let notes = std::mem::take(&mut place.notes);
        let (mut attempt, mut failed, mut are_written) = (1, 0, false);
        loop {
            let call = StepCall {
                run: self.run,
                path: path.to_owned(),
                task: task.clone(),
                attempt,
                notes: if are_written {
                    Vec::new()
                } else {
                    notes.clone()
                },
            };
            let error = match self.host.step(call).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            are_written = error.code != StepError::STORAGE;
            if error.remedy == Remedy::Reconnect {
                self.host.reconnected().await;
                attempt += 1;
                continue;
            }
            failed += 1;
            let wait = retry::wait(self.run, path, failed, error.remedy);
            let is_put_off = matches!(error.remedy, Remedy::Throttled { .. });
            match wait.filter(|_| step.retry || is_put_off) {
                Some(wait) => self.host.sleep(wait).await,
                None => return Err(place.fail(path.to_owned(), error)),
            }
            attempt += 1;
        }
    }

    async fn conditional(
        &self,
        branches: &[Branch],
        otherwise: &[Step],
        step: &Step,
        path: &str,
        place: &mut Place,
    ) -> Result<Value, Failure> {
        let (chosen, seen) =
            first_that_holds(branches, &place.scope).map_err(|error| place.undone(step, error))?;
        let output = json!({ "branch": chosen });
        place.note(path, json!({ "compared": seen }), &output);
        let steps = chosen.map_or(otherwise, |at| &branches[at].steps);
        // What a way brings is known on that way alone.
        let outside = place.scope.clone();
        let result = self.list(steps, place).await;
        place.scope = outside;
        result.map(|_| output)
    }

    async fn delay(
        &self,
        amount: &Value,
        unit: DelayUnit,
        step: &Step,
        path: &str,
        place: &mut Place,
    ) -> Result<Value, Failure> {
        let time = filled(amount, &place.scope).and_then(|amount| length(&amount, unit));
        let time = time.map_err(|error| place.undone(step, error))?;
        let input = json!({ "seconds": time.as_secs_f64() });
        let note = |is_done| Note {
            path: path.to_owned(),
            is_done,
            input: input.clone(),
            output: json!({}),
            error: None,
        };
        // Written down before, so that people see what is waited for.
        place.notes.push(note(false));
        let call = StepCall {
            run: self.run,
            path: path.to_owned(),
            task: Task::Note,
            attempt: 1,
            notes: std::mem::take(&mut place.notes),
        };
        let written = self.host.step(call).await;
        written.map_err(|error| place.fail(path.to_owned(), error))?;
        self.host.sleep(time).await;
        place.notes.push(note(true));
        Ok(json!({}))
    }

    async fn fan_out(
        &self,
        over: &str,
        at_once: usize,
        steps: &[Step],
        step: &Step,
        path: &str,
        place: &mut Place,
    ) -> Result<Value, Failure> {
        let entries = match list_of(over, &place.scope) {
            Ok(entries) => entries,
            Err(error) => return Err(place.undone(step, error)),
        };
        let lanes = at_once.min(entries.len()).max(1);
        let (entries, scope) = (&entries, &place.scope);
        let going = (0..lanes).map(|lane| -> BoxFuture<'_, Lane> {
            Box::pin(async move {
                let (mut outputs, mut notes) = (Vec::new(), Vec::new());
                for (at, entry) in entries.iter().enumerate().skip(lane).step_by(lanes) {
                    let mut scope = scope.clone();
                    scope.set_item(&step.id, at, entry.clone());
                    let prefix = format!("{path}[{at}]/");
                    let mut inside = Place {
                        scope,
                        prefix,
                        notes,
                    };
                    outputs.push((at, self.list(steps, &mut inside).await?));
                    notes = inside.notes;
                }
                Ok((outputs, notes))
            })
        });
        let results = self.host.together(going.collect()).await;
        let (mut outputs, mut notes, mut failed) = (Vec::new(), Vec::new(), None);
        for result in results {
            match result {
                Ok((more, left)) => {
                    outputs.extend(more);
                    notes.extend(left);
                }
                Err(mut failure) => {
                    notes.append(&mut failure.notes);
                    failed.get_or_insert((failure.path, *failure.error));
                }
            }
        }
        place.notes.extend(notes);
        if let Some((inner, error)) = failed {
            place.notes.push(Note {
                path: path.to_owned(),
                is_done: true,
                input: json!({ "entries": entries.len() }),
                output: Value::Null,
                error: Some(error.clone()),
            });
            return Err(place.fail(inner, error));
        }
        outputs.sort_by_key(|(at, _)| *at);
        let output = outputs.into_iter().map(|(_, output)| output).collect();
        place.note(path, json!({ "entries": entries.len() }), &output);
        Ok(output)
    }
}

#[cfg(test)]
mod tests;
