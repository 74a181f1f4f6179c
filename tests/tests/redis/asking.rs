//! `REQUIRE` and `VERIFY`.

use crate::{RedisPlace, chain, on_both};

on_both!(a_question_is_a_command_that_reads, an_answer_may_be_named);

async fn a_question_is_a_command_that_reads(place: &RedisPlace) {
    let a = place.key("a");
    let registry = |require: &str| chain().add("0001_a", &[&format!("INCR {a}")]).require(require).registry();
    let wrong = registry(&format!("EXISTS {a}"));
    let error = place.apply(wrong).await.unwrap_err();
    assert!(error.is_check_failed(), "{error:?}");
    assert!(error.to_string().contains("REQUIRE of `0001_a` does not hold on `main`: it gave `0`"), "{error}");
    assert_eq!(place.run::<i64>(&format!("EXISTS {a}")).await, 0);
    place.apply(registry(&format!("EXISTS {a} = 0"))).await.unwrap();
    assert_eq!(place.run::<i64>(&format!("GET {a}")).await, 1);
}

async fn an_answer_may_be_named(place: &RedisPlace) {
    let h = place.key("h");
    let registry =
        |verify: &str| chain().add("0001_a", &[&format!("HSET {h} mode 'dark grey'")]).verify(verify).registry();
    let error = place.apply(registry(&format!("HGET {h} mode = light"))).await.unwrap_err();
    assert!(error.to_string().contains("it gave `dark grey`"), "{error}");
    let error = place.apply(registry(&format!("HGET {h} other"))).await.unwrap_err();
    assert!(error.to_string().contains("it gave nothing"), "{error}");
    let error = place.apply(registry(&format!("LRANGE {h} 0 1"))).await.unwrap_err();
    assert!(error.is_statement_failed() && error.to_string().contains("in VERIFY: LRANGE"), "{error}");
    place.apply(registry(&format!("HGET {h} mode = \"dark grey\""))).await.unwrap();
}
