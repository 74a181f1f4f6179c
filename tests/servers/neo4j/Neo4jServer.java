import java.nio.file.Files;
import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.io.ByteUnit;

/** Starts Neo4j with Bolt: Neo4jServer FOLDER PORT PASSWORD. It writes the file FOLDER/ready once it takes connections. */
class Neo4jServer {
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var address = new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        var server = new DatabaseManagementServiceBuilder(folder)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                .setConfig(BoltConnector.advertised_address, address)
                .setConfig(GraphDatabaseSettings.auth_enabled, true)
                .setConfig(GraphDatabaseSettings.udc_enabled, false)
                .setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.mebiBytes(64))
                .build();
        // The first password has to be changed, by whomever.
        var change = "ALTER USER neo4j SET PASSWORD '" + arguments[2] + "' CHANGE NOT REQUIRED";
        server.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME).executeTransactionally(change);
        Files.createFile(folder.resolve("ready"));
        Thread.currentThread().join();
    }
}
