"""Users from Kafka to Kafka: cleaned and enriched in real time, and counted per minute."""
