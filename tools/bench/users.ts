import { Client } from "pg";
import { Settings } from "../../infra/settings";

/** Stages generated users directly in PostgreSQL, with Airflow's role. */
export class Stager {
  private readonly client: Client;

  constructor(ports: Settings["ports"], passwords: Readonly<Record<string, string>>) {
    this.client = new Client({
      host: "127.0.0.1",
      port: ports.postgres,
      database: "pipeline",
      user: "airflow",
      password: passwords["postgres-airflow-password"],
    });
    // A broken connection fails its statement. Without a listener, the error would end the process.
    this.client.on("error", () => undefined);
  }

  connect(): Promise<unknown> {
    return this.client.connect();
  }

  /**
   * Commits users in one transaction.
   * @param phone telephone number of every user
   * @returns the ids of the users
   */
  async stage(count: number, phone = "0123-456789"): Promise<string[]> {
    const { rows } = await this.client.query<{ id: string }>(
      `INSERT INTO staging.users (id, first_name, last_name, gender, address, post_code, city, state, country, nat,
                                  email, username, phone, picture, dob, registered_date, raw)
       SELECT gen_random_uuid(), 'Bench', 'Mark' || n, (ARRAY['male', 'female'])[1 + n % 2], n || ' High Street',
              '12345', 'Springfield', 'Somewhere', 'Germany', (ARRAY['DE', 'FR', 'US', 'GB', 'NL'])[1 + n % 5],
              'bench.' || n || '@example.com', 'bench' || n, $2::text, 'https://example.com/portrait.jpg',
              timestamptz '1980-01-01' + n * interval '1 day', timestamptz '2015-01-01', '{}'::jsonb
       FROM generate_series(1, $1) AS n
       RETURNING id`,
      [count, phone],
    );
    return rows.map((row) => row.id);
  }

  /** Changes a staged user, which creates its next version. */
  async change(id: string, phone: string): Promise<void> {
    await this.client.query("UPDATE staging.users SET phone = $2 WHERE id = $1", [id, phone]);
  }

  end(): Promise<void> {
    return this.client.end();
  }
}
