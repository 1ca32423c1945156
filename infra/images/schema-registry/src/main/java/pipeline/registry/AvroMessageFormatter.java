package pipeline.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Prints records written in Confluent's wire format (a zero byte, the schema's id in four bytes, Avro binary) as lines of Avro
 * JSON, as the kafka-avro-console-consumer that Confluent ships does. Reads the schemas from the registry by its
 * Confluent-compatible API.
 *
 * <p>Properties: {@code schema.registry.url} (http://localhost:8081), {@code print.key} (false), {@code key.separator} (a tab). A
 * key which is not in the wire format is printed as text.
 */
public final class AvroMessageFormatter implements MessageFormatter {
  private static final byte MAGIC_BYTE = 0;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;
  private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(REGISTRY_TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private String registryUrl = "http://localhost:8081";
  private boolean printKey;
  private String keySeparator = "\t";

  @Override
  public void configure(Map<String, ?> properties) {
    registryUrl = property(properties, "schema.registry.url", registryUrl).replaceAll("/+$", "");
    printKey = Boolean.parseBoolean(property(properties, "print.key", "false"));
    keySeparator = property(properties, "key.separator", keySeparator);
  }

  /** @throws SerializationException if the value is not in the wire format or its schema cannot be had */
  @Override
  public void writeTo(ConsumerRecord<byte[], byte[]> record, PrintStream output) {
    String key = printKey ? keyText(record.key()) + keySeparator : "";
    output.println(key + avroJson(record.value()));
  }

  private static String property(Map<String, ?> properties, String name, String otherwise) {
    Object value = properties.get(name);
    return value == null ? otherwise : value.toString();
  }

  private String keyText(byte[] key) {
    boolean text = key != null && !inWireFormat(key);
    return text ? new String(key, StandardCharsets.UTF_8) : avroJson(key);
  }

  private static boolean inWireFormat(byte[] bytes) {
    return bytes.length >= HEADER_BYTES && bytes[0] == MAGIC_BYTE;
  }

  private String avroJson(byte[] bytes) {
    if (bytes == null) {
      return "null";
    }
    if (!inWireFormat(bytes)) {
      throw new SerializationException("Not Avro in Confluent's wire format: unknown magic byte");
    }
    Schema schema = schemas.computeIfAbsent(ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt(), this::fetchSchema);
    try {
      var decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
      Object datum = new GenericDatumReader<>(schema).read(null, decoder);
      var line = new ByteArrayOutputStream();
      JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, line);
      new GenericDatumWriter<>(schema).write(datum, encoder);
      encoder.flush();
      return line.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SerializationException("Not the Avro that schema " + schema.getFullName() + " describes", e);
    }
  }

  private Schema fetchSchema(int id) {
    URI address = URI.create(registryUrl + "/schemas/ids/" + id);
    try {
      var request = HttpRequest.newBuilder(address).timeout(REGISTRY_TIMEOUT).build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new SerializationException(address + " answered " + response.statusCode() + ": " + response.body());
      }
      return new Schema.Parser().parse(json.readTree(response.body()).required("schema").textValue());
    } catch (IOException e) {
      throw new SerializationException("No schema from " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SerializationException("Interrupted while asking " + address, e);
    }
  }
}
