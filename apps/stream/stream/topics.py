"""What the job asks Kafka about its topics, through the Kafka client that Spark carries."""

from dataclasses import dataclass

from py4j.java_gateway import JavaObject, JVMView
from py4j.protocol import Py4JJavaError

from stream.backoff import NotYetError

REQUEST_TIMEOUT_MS = 10_000
BATCH_OVERHEAD_BYTES = 512
"""More than Kafka adds to a single record of this job: headers of the batch and the record, and the key."""


class TopicUnavailableError(NotYetError):
    """Kafka did not answer, or the topic does not exist (yet). Ask again later."""


@dataclass(frozen=True)
class Topic:
    """What Kafka says of a topic."""

    partitions: int
    largest_value: int
    """Greatest size of a value of this job in bytes: ``max.message.bytes`` less the overhead."""


def describe(jvm: JVMView, bootstrap_servers: str, name: str) -> Topic:
    """The topic ``name`` as it is now.

    Raises:
        TopicUnavailableError: names the topic and the reason.
    """
    config = jvm.java.util.Properties()
    config.put("bootstrap.servers", bootstrap_servers)
    config.put("default.api.timeout.ms", str(REQUEST_TIMEOUT_MS))
    config.put("request.timeout.ms", str(REQUEST_TIMEOUT_MS))
    try:
        admin = jvm.org.apache.kafka.clients.admin.AdminClient.create(config)
        try:
            return _describe(jvm, admin, name)
        finally:
            admin.close()
    except Py4JJavaError as error:
        reason = error.java_exception.getCause() or error.java_exception
        raise TopicUnavailableError(f"{bootstrap_servers}: {reason.getMessage()}") from error


def _describe(jvm: JVMView, admin: JavaObject, name: str) -> Topic:
    description = admin.describeTopics([name]).allTopicNames().get().get(name)
    resource = jvm.org.apache.kafka.common.config.ConfigResource(
        jvm.org.apache.kafka.common.config.ConfigResource.Type.TOPIC, name
    )
    config = admin.describeConfigs([resource]).all().get().get(resource)
    largest_message = int(config.get("max.message.bytes").value())
    return Topic(description.partitions().size(), largest_message - BATCH_OVERHEAD_BYTES)
