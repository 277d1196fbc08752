"""Every setting an operator can make, with its default; read once, at start."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Env(BaseSettings):
    """Settings from the environment, each with the prefix CAILAN_."""

    model_config = SettingsConfigDict(env_prefix="CAILAN_", frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder for the embedded database, files, keys and logs.")
    database_url: SecretStr = Field(
        SecretStr("postgresql:///cailan"),
        description="Any PostgreSQL 15 to 18. Unset: `cailan up` runs its own.",
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs sessions, wraps keys. Unset: made in HOME/secrets."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Where phones reach this server; printed in QR codes."
    )
    id_url: str = Field(
        "https://id.cailan.example",
        description="Prefix of identifiers we mint where a party has no GS1 keys.",
    )
    log_origin: str = Field("cailan.example/log", description="Name of the ledger: a URL without scheme.")
    allowed_hosts: str = Field("*", description="Host names served, separated by commas.")
    secure_cookies: bool = Field(False, description="Set behind TLS: cookies travel over https only.")
    debug: bool = Field(False, description="Show error pages with details. Never in production.")
    upload_limit_bytes: int = Field(20_000_000, description="The largest file a door accepts.")


env = Env()


def secret_key(settings: Env = env) -> str:
    """Return the secret key, or refuse to start without one."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    kept = settings.home / "secrets" / "secret_key"
    if kept.is_file():
        return kept.read_text().strip()
    message = f"No secret key: set CAILAN_SECRET_KEY, or run `cailan up` once, which makes {kept}."
    raise SystemExit(message)
