"""What kafka_stream_dag does: fetch users, validate them, stage them, confirm that they were published.

Nothing here imports Airflow, so everything can be run and tested without it.
"""
