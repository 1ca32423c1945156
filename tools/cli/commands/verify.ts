import { Target } from "../targets";

/** Compares staging with Cassandra, has published again what is missing, and shows it; exit code 1 when something was. */
export async function verify(target: Target): Promise<void> {
  process.exitCode = await target.exec("airflow-scheduler", ["python3", "-m", "user_pipeline.verify"]);
}
