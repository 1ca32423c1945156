-- The staging area of the pipeline: users as fetched, on their way to Kafka. Applied by the deploy job, as a superuser,
-- in the pipeline's database; every statement may run again and then changes nothing.
-- The job makes the login roles and, after this file, the replication slot: a slot older than its publication is unusable.

CREATE SCHEMA IF NOT EXISTS staging;

CREATE TABLE IF NOT EXISTS staging.users (
    id              uuid PRIMARY KEY,
    first_name      text,
    last_name       text,
    gender          text,
    address         text,
    post_code       text,
    city            text,
    state           text,
    country         text,
    nat             text,
    email           text,
    username        text,
    phone           text,
    picture         text,
    dob             timestamptz,
    registered_date timestamptz,
    raw             jsonb NOT NULL,
    staged_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL
);
-- Columns of a later day, so that a table that exists gets them too.
ALTER TABLE staging.users ADD COLUMN IF NOT EXISTS republished_at timestamptz;
COMMENT ON COLUMN staging.users.raw IS 'the record of the API, without login secrets; not published';
COMMENT ON COLUMN staging.users.staged_at IS 'first staging; kept on updates';
COMMENT ON COLUMN staging.users.version IS 'microseconds since the epoch, rising with every change; decides which of two copies is newer';
COMMENT ON COLUMN staging.users.republished_at IS 'set to publish the row again: any change does; not published itself';

CREATE TABLE IF NOT EXISTS staging.rejected (
    key         text PRIMARY KEY,
    stage       text NOT NULL CHECK (stage IN ('fetch', 'producer')),
    reason      text NOT NULL,
    record      jsonb,
    rejected_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE staging.rejected IS 'records that can never go on, with the reason; set aside so that the others can';
COMMENT ON COLUMN staging.rejected.key IS 'stage|id of the user, or a hash where there is none: rejecting again replaces';
COMMENT ON COLUMN staging.rejected.record IS 'the record; a JSON string when it is not JSON';

CREATE TABLE IF NOT EXISTS staging.published (
    slot        text PRIMARY KEY,
    position    pg_lsn NOT NULL,
    xid         bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE staging.published IS 'how far everything is published; a slot that begins later was created by another program';
COMMENT ON COLUMN staging.published.position IS 'the slot was confirmed up to here or further';
COMMENT ON COLUMN staging.published.xid IS 'what transactions before this one have changed is published';

-- An update that changes nothing is skipped for every role, so it makes no version and publishes nothing.
CREATE OR REPLACE FUNCTION staging.set_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_ timestamptz := clock_timestamp();
    micros bigint := (extract(epoch FROM now_) * 1000000)::bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.staged_at := OLD.staged_at;
        NEW.updated_at := OLD.updated_at;
        NEW.version := OLD.version;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NULL;
        END IF;
        micros := greatest(OLD.version + 1, micros);
    END IF;
    NEW.version := micros;
    NEW.updated_at := now_;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER set_version BEFORE INSERT OR UPDATE ON staging.users
    FOR EACH ROW EXECUTE FUNCTION staging.set_version();

-- Group roles; the login role of an app is a member of one. pg_replication_slots may be read by every role.
DO $$
DECLARE
    group_ text;
BEGIN
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    FOREACH group_ IN ARRAY ARRAY['staging_writer', 'staging_publisher', 'staging_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = group_) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', group_);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), group_);
    END LOOP;
END
$$;
GRANT USAGE ON SCHEMA staging TO staging_writer, staging_publisher, staging_reader;
GRANT SELECT ON staging.users TO staging_writer, staging_publisher, staging_reader;
GRANT INSERT, UPDATE, DELETE ON staging.users TO staging_writer;
GRANT SELECT ON staging.rejected TO staging_writer, staging_publisher, staging_reader;
GRANT INSERT, UPDATE ON staging.rejected TO staging_writer, staging_publisher;
GRANT DELETE ON staging.rejected TO staging_writer;
GRANT SELECT, INSERT, UPDATE ON staging.published TO staging_publisher;

-- What the producer follows. The column list keeps raw out of the stream; it rules out REPLICA IDENTITY FULL, so the
-- producer reads a row again when an update leaves out a large value it did not change.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'users_created') THEN
        CREATE PUBLICATION users_created WITH (publish = 'insert, update');
    END IF;
END
$$;
ALTER PUBLICATION users_created SET TABLE staging.users (
    id, first_name, last_name, gender, address, post_code, city, state, country, nat, email, username, phone, picture,
    dob, registered_date, staged_at, version
);
