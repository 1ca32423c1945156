import { Target } from "../targets";

/** Compares staging with Cassandra, republishes missing users and reports them; sets exit code 1 if any was missing. */
export async function verify(target: Target): Promise<void> {
  process.exitCode = await target.exec("airflow-scheduler", ["python3", "-m", "user_pipeline.verify"]);
}
