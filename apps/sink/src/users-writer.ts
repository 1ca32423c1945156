import type { types } from "cassandra-driver";
import { BatchedLookup } from "./batched-lookup";
import type { Database } from "./cassandra";
import { isSameLocation, type Location, locationOf } from "./location";
import type { User } from "./records";
import type { Statement, Statements } from "./statements";

/** A user as created_users has it now. */
interface Current {
  version: number;
  location: Location;
}

/** Write timestamp of a rehearsal: older than every version, so that it changes nothing where a row exists. */
const REHEARSAL_TIMESTAMP = 0;
const LOOKUP_MAX_KEYS = 64;
const LOOKUP_MAX_REQUESTS = 4;

/**
 * Writes users to created_users and users_by_country.
 *
 * created_users is simple: one row per id, and the version as the write timestamp makes the newest version win. In
 * users_by_country a user who changes country has to leave the former partition, and that partition is known only from
 * created_users. So each write looks at the user's current row first:
 *
 *  - no row, or an older version in the same place: write created_users and users_by_country, in one request;
 *  - an older version elsewhere (a move): write the new place, delete the old place, then write created_users;
 *  - the same version: write users_by_country again, where created_users says the user is;
 *  - a newer version: write nothing; delete this version's place when the user is elsewhere now.
 *
 * Why no row is left behind ("ghost") or missing, whatever is interrupted and repeated:
 *
 *  1. Each statement carries the version as its timestamp, so running one again, or late, changes nothing that a newer
 *     version wrote or deleted. A delete with version v at place P removes rows of versions up to v only.
 *  2. A record's offset is committed after its last statement was acknowledged. After a crash between two statements,
 *     the record is repeated and the rules apply again:
 *      - interrupted between the two tables: created_users without users_by_country is found as "the same version",
 *        users_by_country is written; the other way round nothing is found, both are written again;
 *      - interrupted in a move: created_users, written last, still tells the old place, all is done again.
 *  3. If another version was stored between the interruption and the repetition (versions out of order), the record
 *     comes again as "a newer version is there", and the delete removes what the first attempt may have left. The
 *     newer version, if it saw the half-done one, has moved away from it; if not, 3. still holds.
 *  4. Between the look and the last write no other record of the same user may run: the caller serialises by id in
 *     this process, and a user's records are in one partition, which one process has. A process that lost its partition
 *     and still finishes a statement is late in the sense of 1.
 *
 * What this does not cover: two processes handling versions of the same user at the same moment for the very first
 * time, which takes records of one id in two partitions (only after partitions were added while records waited).
 *
 * Should Cassandra refuse the user's row itself (a guardrail), then nothing may have been moved: one request is refused
 * as a whole; in a move created_users is rehearsed first with a timestamp that loses against every cell there is.
 */
export class UsersWriter {
  readonly #current: BatchedLookup<Current>;

  constructor(
    private readonly database: Database,
    private readonly statements: Statements,
  ) {
    this.#current = new BatchedLookup((ids) => this.#readCurrent(ids), LOOKUP_MAX_KEYS, LOOKUP_MAX_REQUESTS);
  }

  /**
   * Stores a user in both tables. Never call it twice at a time for the same id.
   *
   * @returns false when this version, or a newer one, was there already
   * @throws PermanentError (invalid) when Cassandra refuses the row; anything else: call it again with the same user
   */
  async write(user: User): Promise<boolean> {
    const target = locationOf(user.id, user.country_code, user.stagedAt);
    const current = await this.#current.get(user.id);
    if (!current || current.version < user.version) return this.#writeNewer(user, target, current?.location);

    const { location } = current;
    if (current.version === user.version) {
      await this.#run(this.statements.insertByCountry(user, location));
    }
    if (!isSameLocation(location, target)) {
      await this.#run(this.statements.deleteByCountry(target, user.version));
    }
    return false;
  }

  async #writeNewer(user: User, target: Location, previous: Location | undefined): Promise<boolean> {
    const storedAt = new Date();
    const insertUser = this.statements.insertUser(user, storedAt);
    const insertByCountry = this.statements.insertByCountry(user, target);
    if (previous && !isSameLocation(previous, target)) {
      await this.#run(this.statements.insertUser(user, storedAt, REHEARSAL_TIMESTAMP));
      await this.#run(insertByCountry);
      await this.#run(this.statements.deleteByCountry(previous, user.version));
      await this.#run(insertUser);
    } else {
      await this.#run(insertUser, insertByCountry);
    }
    return true;
  }

  async #run(...statements: Statement[]): Promise<void> {
    await this.database.execute(...statements);
  }

  async #readCurrent(ids: string[]): Promise<Map<string, Current>> {
    const rows = await this.database.execute(this.statements.selectCurrent(ids));
    return new Map(rows.filter(isWrittenByUs).map((row) => [row.id.toString(), toCurrent(row)]));
  }
}

/** Columns of selectCurrent in a row the sink wrote. */
interface CurrentRow {
  id: types.Uuid;
  country_code: string | null;
  staged_at: Date;
  version: types.Long;
}

/**
 * Whether the row has a version and a staging time. A row made by hand may lack them, and then has no place in
 * users_by_country.
 */
function isWrittenByUs(row: types.Row): row is types.Row & CurrentRow {
  return row["version"] !== null && row["staged_at"] !== null;
}

function toCurrent({ id, country_code, staged_at, version }: CurrentRow): Current {
  return { version: version.toNumber(), location: locationOf(id.toString(), country_code, staged_at) };
}
