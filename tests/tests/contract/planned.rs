//! Doing what was planned: exactly that, or nothing where the database has changed since.

use crate::{Migrator, Server, Target, applied, apply, apply_to, contract, ids, library, open, roll_back};
use whimbrel::Direction;

contract!(a_plan_is_done_as_it_was_made, a_plan_of_yesterday_is_refused);

async fn a_plan_is_done_as_it_was_made(server: &Server) {
    let registry = library(server).registry();
    let migrator = Migrator::new(registry);
    let mut databases = open(server, registry).await;
    let up = migrator.plan(&mut databases, &Target::Latest, Direction::Up).await.unwrap();
    assert_eq!(ids(&migrator.run(&mut databases, &up).await.unwrap()), ["0001_users", "0002_books", "0003_loans"]);
    let back = Target::Id("0001_users".into());
    let down = migrator.plan(&mut databases, &back, Direction::Down).await.unwrap();
    assert_eq!(ids(&migrator.run(&mut databases, &down).await.unwrap()), ["0003_loans", "0002_books"]);
    let nothing = migrator.plan(&mut databases, &back, Direction::Down).await.unwrap();
    assert!(migrator.run(&mut databases, &nothing).await.unwrap().is_empty());
}

async fn a_plan_of_yesterday_is_refused(server: &Server) {
    let registry = library(server).registry();
    let migrator = Migrator::new(registry);
    apply_to(server, registry, Target::Count(2)).await.unwrap();
    let mut databases = open(server, registry).await;
    for target in [Target::Latest, Target::Count(2), Target::Id("0001_users".into())] {
        let down = migrator.plan(&mut databases, &target, Direction::Down).await.unwrap();
        apply(server, registry).await.unwrap();
        assert!(migrator.run(&mut databases, &down).await.unwrap_err().is_overtaken());
        assert_eq!(applied(server).await.len(), 3);
        let down = migrator.plan(&mut databases, &target, Direction::Down).await.unwrap();
        roll_back(server, registry, Target::Latest).await.unwrap();
        assert!(migrator.run(&mut databases, &down).await.unwrap_err().is_overtaken());
        assert_eq!(applied(server).await.len(), 2);
    }
}
