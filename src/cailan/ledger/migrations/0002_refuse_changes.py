"""The database itself refuses to change what was sealed.

Whoever owns the database can take these triggers away; `cailan audit` finds what he changed then.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_tile_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.idx <> OLD.idx
       OR substring(NEW.data FOR length(OLD.data)) IS DISTINCT FROM OLD.data THEN
        RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_key_only_retires() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.party_id, NEW.purpose, NEW.alg, NEW.key_id, NEW.public_key, NEW.created_at)
       IS DISTINCT FROM (OLD.id, OLD.party_id, OLD.purpose, OLD.alg, OLD.key_id, OLD.public_key, OLD.created_at)
       OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at) THEN
        RAISE EXCEPTION 'a key is only retired or wrapped anew' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_record_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_record
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_checkpoint_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_tile_is_kept BEFORE DELETE OR TRUNCATE ON ledger_tile
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_tile_grows BEFORE UPDATE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION ledger_tile_only_grows();
CREATE TRIGGER ledger_key_is_kept BEFORE DELETE OR TRUNCATE ON ledger_key
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_key_retires BEFORE UPDATE ON ledger_key
    FOR EACH ROW EXECUTE FUNCTION ledger_key_only_retires();

ALTER TABLE ledger_tile ALTER COLUMN data SET STORAGE EXTERNAL;  -- hashes do not compress
ALTER TABLE ledger_record ALTER COLUMN entry SET STORAGE EXTERNAL;
ALTER TABLE ledger_record ADD CONSTRAINT ledger_record_sizes
    CHECK (length(salt) = 16 AND length(leaf) = 32 AND length(entry) <= 65535);
ALTER TABLE ledger_tile ADD CONSTRAINT ledger_tile_sizes
    CHECK (length(data) BETWEEN 32 AND 8192 AND length(data) % 32 = 0);
"""

BACKWARD = """
ALTER TABLE ledger_tile DROP CONSTRAINT ledger_tile_sizes;
ALTER TABLE ledger_record DROP CONSTRAINT ledger_record_sizes;
DROP FUNCTION ledger_refuse_change() CASCADE;
DROP FUNCTION ledger_tile_only_grows() CASCADE;
DROP FUNCTION ledger_key_only_retires() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_open_the_log")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
