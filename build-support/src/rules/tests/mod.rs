mod chain;
mod documentation;
mod examples;
mod severity;
mod truth;
