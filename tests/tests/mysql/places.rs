//! Which server and which database: created where it is not there, and told where it is wrong.

use crate::birds;
use whimbrel::{Access, Databases, Urls};
use whimbrel_tests::Server;

pub(crate) async fn a_database_is_created(server: &Server) {
    let registry = birds(server);
    let url = format!("{}_new", server.url());
    let urls = Urls::new().with("main", &url);
    let missing = Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap_err();
    assert!(missing.to_string().ends_with("the server has no such database; create it, or run `init`"), "{missing}");
    assert_eq!(Databases::create(registry, &urls).await.unwrap(), ["main"]);
    assert!(Databases::create(registry, &urls).await.unwrap().is_empty());
    let mut databases = Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap();
    assert_eq!(whimbrel::apply(registry, &mut databases).await.unwrap().done.len(), 1);
    server.run(&format!("DROP DATABASE {}", url.rsplit_once('/').unwrap().1)).await;
}

pub(crate) async fn wrong_urls_are_told(server: &Server) {
    let registry = birds(server);
    let refusal = async |url: String| {
        Databases::connect(registry, &Urls::new().with("main", url), Access::ReadOnly).await.unwrap_err().to_string()
    };
    let (user, place) = server.url().split_once('@').unwrap();
    let bare = format!("{user}@{}", place.split_once('/').unwrap().0);
    assert_eq!(
        refusal(bare).await,
        "the URL of `main` is not understood: it names no database; write `mysql://user:password@host:3306/database`"
    );
    let denied = refusal(format!("mysql://root:wrong@{place}")).await;
    assert!(denied.ends_with("refused the user or the password; check both in the URL"), "{denied}");
    assert!(!denied.contains("wrong"), "{denied}");
    let other = refusal("postgres://localhost/app".into()).await;
    assert_eq!(
        other,
        "the URL of `main` is not understood: it is declared as Mysql, whose URLs look like \
         `mysql://user:password@host:3306/database`"
    );
    let nobody = refusal("mysql://root@127.0.0.1:1/app".into()).await;
    assert!(nobody.contains("no server answers at 127.0.0.1:1"), "{nobody}");
}
