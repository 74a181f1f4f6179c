//! A real chain, which MySQL and MariaDB accept: nothing is wrong with it, nor with its rollbacks.

#![expect(clippy::print_stdout, reason = "says what it could not show")]

use crate::mysql::{Judgement, Server, prove};
use crate::step::{Step, Work};
use std::path::{Path, PathBuf};

#[test]
fn authelia_s_chain() {
    let Some(corpus) = std::env::var_os("WHIMBREL_CORPUS") else {
        println!("NOT SHOWN: Authelia's MySQL chain; WHIMBREL_CORPUS names no folder");
        return;
    };
    let folder = Path::new(&corpus).join("authelia/other_dialects/mysql");
    let mut ups: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".up.sql"))
        .collect();
    ups.sort();
    assert!(ups.len() > 20, "{}", ups.len());
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let down = |up: &PathBuf| read(Path::new(&up.to_string_lossy().replace(".up.sql", ".down.sql")));
    let scripts: Vec<(String, String)> = ups.iter().map(|up| (read(up), down(up))).collect();
    let step = |(up, down): &'static (String, String)| Step {
        key: String::new(),
        up: Work::Script(up),
        down: Some(Work::Script(down)),
        require: None,
        verify: None,
    };
    let scripts: &'static [(String, String)] = scripts.leak();
    let steps: Vec<_> = scripts.iter().map(|scripts| (step(scripts), Judgement::default())).collect();
    for (maria, version) in [(false, "8.0"), (true, "10.11")] {
        let proof = prove(&steps, Server::read(maria, Some(version)).unwrap());
        let findings: Vec<_> = proof.steps.iter().flat_map(|proved| &proved.findings).collect();
        assert_eq!(findings, Vec::<&(crate::step::Phase, crate::catalog::Finding)>::new());
        assert_eq!(proof.catalog.schemas["main"].relations.len(), 25);
    }
}
