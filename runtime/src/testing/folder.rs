//! SQLite: a template is a file, a test's database a copy of it.

use super::name::{self, Names};
use super::place::{Copied, Place};
use crate::error::{Error, Result};
use crate::step::BoxFuture;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Holds the folder of one database's templates and copies.
#[derive(Debug)]
pub(super) struct Folder {
    database: &'static str,
    root: PathBuf,
    names: Names,
    lock: Option<File>,
    copy: Option<Running>,
}

/// Holds the folder of a test's copy; as long as its file is locked the test is running.
#[derive(Debug)]
struct Running {
    folder: PathBuf,
    lock: File,
}

const LOCK: &str = "lock";

impl Folder {
    pub(super) fn new(database: &'static str, names: Names) -> Result<Self> {
        // The temporary folder may be everybody's.
        let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|variable| std::env::var(variable).ok());
        let user: String = user.iter().flat_map(|user| user.chars()).filter(char::is_ascii_alphanumeric).collect();
        let folder = if user.is_empty() { "whimbrel-tests".into() } else { format!("whimbrel-tests-{user}") };
        let root = std::env::temp_dir().join(folder).join(&names.label);
        fs::create_dir_all(&root).map_err(|error| failed("can't create the folder", &root, error))?;
        Ok(Self { database, root, names, lock: None, copy: None })
    }

    fn template(&self) -> PathBuf {
        self.root.join(format!("{}.db", self.names.key))
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join(format!("{}.unfinished", self.names.key))
    }

    fn locked(&mut self) -> Result<()> {
        self.lock = Some(locked(&self.root.join(LOCK))?);
        Ok(())
    }

    fn begun(&self) -> Result<String> {
        let file = self.unfinished();
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut path = file.clone().into_os_string();
            path.push(ending);
            absent(fs::remove_file(&path)).map_err(|error| failed("can't remove", Path::new(&path), error))?;
        }
        Ok(url(&file))
    }

    async fn finished(&self) -> Result<()> {
        use sqlx::Connection;
        let file = self.unfinished();
        let whole = async {
            let mut connection = sqlx::SqliteConnection::connect(&url(&file)).await?;
            sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
            connection.close().await
        };
        whole.await.map_err(super::database::unconnected)?;
        fs::rename(&file, self.template()).map_err(|error| failed("can't rename", &file, error))?;
        self.sweep();
        Ok(())
    }

    /// Removes the oldest templates; what can't be removed is left for the next time.
    fn sweep(&self) {
        let Ok(files) = fs::read_dir(&self.root) else { return };
        let templates = files.flatten().map(|file| file.path());
        let templates = templates.filter(|path| path.extension().is_some_and(|e| e == "db" || e == "unfinished"));
        let made = |path: &Path| path.metadata().and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut templates: Vec<_> = templates.map(|path| (made(&path), path)).collect();
        templates.sort();
        for (_, path) in templates.iter().rev().skip(name::KEPT) {
            let _ = fs::remove_file(path);
        }
    }

    fn left_overs_removed(&self) -> Result<()> {
        // A copy is made under this lock too, so none is found before its own lock is taken.
        let _lock = locked(&self.root.join(LOCK))?;
        let folders = fs::read_dir(&self.root).map_err(|error| failed("can't read", &self.root, error))?;
        for folder in
            folders.flatten().filter(|folder| folder.file_name().to_string_lossy().starts_with(&self.names.test))
        {
            let running = File::open(folder.path().join(LOCK)).is_ok_and(|file| file.try_lock().is_err());
            if !running {
                absent(fs::remove_dir_all(folder.path()))
                    .map_err(|error| failed("can't remove", &folder.path(), error))?;
            }
        }
        Ok(())
    }

    fn copied(&mut self) -> Result<Option<Copied>> {
        let _lock = locked(&self.root.join(LOCK))?;
        let folder = self.root.join(format!("{}-{}", self.names.test, name::ending()));
        let file = folder.join(format!("{}.db", self.database));
        fs::create_dir(&folder).map_err(|error| failed("can't create the folder", &folder, error))?;
        let copy = Running { lock: locked(&folder.join(LOCK))?, folder };
        match fs::copy(self.template(), &file) {
            Ok(_) => {
                self.copy = Some(copy);
                Ok(Some(Copied { url: url(&file), migrated: true }))
            }
            Err(error) => {
                let _ = fs::remove_dir_all(&copy.folder);
                if error.kind() == io::ErrorKind::NotFound {
                    Ok(None)
                } else {
                    Err(failed("can't copy to", &file, error))
                }
            }
        }
    }

    fn removed(&mut self) -> Result<()> {
        let Some(Running { folder, lock }) = self.copy.take() else { return Ok(()) };
        drop(lock);
        absent(fs::remove_dir_all(&folder)).map_err(|error| failed("can't remove", &folder, error))
    }
}

impl Place for Folder {
    fn database(&self) -> &'static str {
        self.database
    }
    fn lock(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.locked() })
    }
    fn unlock(&mut self) -> BoxFuture<'_, Result<()>> {
        self.lock = None;
        Box::pin(async { Ok(()) })
    }
    fn is_ready(&mut self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async { Ok(self.template().exists()) })
    }
    fn begin(&mut self) -> BoxFuture<'_, Result<String>> {
        Box::pin(async { self.begun() })
    }
    fn finish(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.finished().await })
    }
    fn discard(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.begun().map(drop) })
    }
    fn remove_left_overs(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.left_overs_removed() })
    }
    fn copy(&mut self) -> BoxFuture<'_, Result<Option<Copied>>> {
        Box::pin(async { self.copied() })
    }
    fn remove(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.removed() })
    }
}

/// Opens a file and locks it, until it is closed; the process's end closes it too.
fn locked(path: &Path) -> Result<File> {
    let file = File::options().create(true).write(true).truncate(false).open(path);
    let locked = file.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| failed("can't lock", path, error))
}

fn url(file: &Path) -> String {
    let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite:{path}")
}

fn absent(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    Error::new(format!("{what} `{}`", path.display())).caused_by(error)
}
