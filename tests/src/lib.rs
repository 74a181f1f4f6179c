//! What the tests share: chains that a test makes up, databases on real servers, a pooler before them, and samples of points.

pub mod chain;
pub mod pooler;
pub mod redis;
pub mod sample;
pub mod server;
pub mod tenants;

pub use chain::Chain;
pub use pooler::Pooler;
pub use redis::RedisPlace;
pub use sample::Sample;
pub use server::{Server, postgres_url, server_url};

/// Makes a test of each function, which is handed the server: on MariaDB, and on MySQL where there is a server.
#[macro_export]
macro_rules! on_each_mysql {
    ($($test:ident),* $(,)?) => {
        mod mariadb {
            $(#[tokio::test] async fn $test() { super::$test(&whimbrel_tests::Server::mysql("MARIADB").await).await; })*
        }
        mod mysql {
            $(
                #[tokio::test]
                #[ignore = "needs a MySQL server, which WHIMBREL_TEST_MYSQL_URL names"]
                async fn $test() { super::$test(&whimbrel_tests::Server::mysql("MYSQL").await).await; }
            )*
        }
    };
}
