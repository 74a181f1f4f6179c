# shellcheck shell=bash disable=SC2034,SC2154
# Neo4j Community: its database with Bolt from Maven Central, started by a Java program of ours.

names="neo4j"
container_port=7687
stop_signal=TERM
password=whimbrel
jars=$cache/neo4j-5.26.30

install() {
  local fetched=$cache/fetching plugin=org.apache.maven.plugins:maven-dependency-plugin:3.6.1
  has_java || ! can_apt || apt_install openjdk-17-jdk-headless
  has_java || die "Neo4j needs a JDK of 17 or newer; run: sudo apt-get install openjdk-17-jdk-headless"
  [ ! -d "$jars" ] || return 0
  need mvn maven
  rm -rf "$fetched" && mkdir "$fetched"
  cp "$servers/neo4j/pom.xml" "$fetched"
  say "mvn dependency:copy-dependencies of org.neo4j:neo4j:5.26.30"
  (cd "$fetched" && mvn --batch-mode --strict-checksums "-Dmaven.repo.local=$fetched/repository" \
    "$plugin:copy-dependencies" -DincludeScope=runtime -DoutputDirectory=lib) >"$cache/maven.log" 2>&1 </dev/null ||
    { cat "$cache/maven.log" >&2 && die "Maven can't fetch Neo4j"; }
  [ "$(cd "$fetched/lib" && sha256sum -- *.jar | sha256sum | cut -d ' ' -f 1)" = \
    b39dcc8742460b796812b2494bde19cb6474ab73862fe3ac9af878e5012afeb8 ] || die "Maven gave another Neo4j than was tested"
  mv "$fetched/lib" "$jars"
  rm -rf "$fetched"
}

# The compiler of a JDK runs a source file; a mere JRE has none.
has_java() { [[ $(javac -version 2>&1) =~ ^javac\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 17 ]; }

serve() {
  local compiled=-XX:TieredStopAtLevel=1
  # Over a thousand runs what starts quickly is slower than what is compiled well.
  [ "${WHIMBREL_FAULTS:-}" != all ] || compiled=-XX:+TieredCompilation
  [ -d "$2/lib" ] || lend "$jars" "$2/lib"
  cp "$servers/neo4j/Neo4jServer.java" "$2"
  become java -Xmx512m -XX:+UseSerialGC "$compiled" -XX:-UsePerfData -cp "$2/lib/*" \
    "$2/Neo4jServer.java" "$2" "$3" "$password"
}

ready() { [ -f "$1/ready" ]; }

url() { echo "bolt://neo4j:$password@$2"; }
