//! What code may ask: commands that only read.

use crate::{RedisPlace, chain, code, on_both};
use whimbrel::redis::cmd;
use whimbrel::{BoxFuture, RedisStep, Result};
use whimbrel_tests::redis::command;

on_both!(what_may_write_is_not_asked, nothing_is_asked_where_the_server_does_not_say);

const INCR: &str = "return redis.call('INCR', KEYS[1])";
const SUM: &str = "return redis.call('GET', KEYS[1]) + 1";

fn reads_alone<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let mut evil = cmd("EVAL");
        evil.arg(INCR).arg(1).arg("reads:asks");
        for may_write in [evil, command("INCR reads:asks"), command("SELECT 7"), command("MULTI"), command("NO.SUCH a")]
        {
            let error = step.ask::<whimbrel::redis::Value>(&may_write).await.unwrap_err();
            assert!(error.to_string().contains("may write"), "{error}");
        }
        let sum: i64 = step.ask(cmd("EVAL_RO").arg(SUM).arg(1).arg("reads:asks")).await?;
        let encoding: String = step.ask(&command("OBJECT ENCODING reads:asks")).await?;
        let _: (i64, i64) = step.ask(&command("TIME")).await?;
        let _: String = step.ask(&command("INFO server")).await?;
        assert_eq!((sum, encoding.as_str()), (2, "int"));
        Ok(())
    })
}

async fn what_may_write_is_not_asked(place: &RedisPlace) {
    let _: () = place.run("SET reads:asks 1").await;
    place.apply(chain().add_code("0001_asks", code(reads_alone)).registry()).await.unwrap();
    assert_eq!(place.run::<i64>("GET reads:asks").await, 1);
}

fn asks<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move { step.ask::<i64>(&command("INCR reads:hidden")).await.map(drop) })
}

async fn nothing_is_asked_where_the_server_does_not_say(place: &RedisPlace) {
    let user = place.name();
    let _: () = place.run(&format!("ACL SETUSER {user} on >secret ~* +@all -command")).await;
    let (_, server) = place.url().rsplit_once('@').unwrap_or_else(|| place.url().split_once("//").unwrap());
    let urls = whimbrel::Urls::new().with("main", format!("redis://{user}:secret@{server}"));
    let registry = chain().add_code("0001_asks", code(asks)).registry();
    let mut databases = whimbrel::Databases::connect(registry, &urls, whimbrel::Access::ReadWrite).await.unwrap();
    let error = place.migrator(registry).apply(&mut databases, &whimbrel::Target::Latest).await.unwrap_err();
    assert!(error.is_code_failed() && format!("{error:?}").contains("NOPERM"), "{error:?}");
    assert_eq!(place.run::<i64>("EXISTS reads:hidden").await, 0);
    let _: i64 = place.run(&format!("ACL DELUSER {user}")).await;
}
