"""Every setting: its name, unit and default.  Read from the environment once; a wrong value stops the start."""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).parent.parent
ENVIRONMENTS = ("development", "production")
SECRET_KEY_LENGTH_MIN = 32
DATA_KEY_BYTES = 32


class SettingInvalid(Exception):
    """A setting is missing or wrong.  The message is one line that names it."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides about one running shop."""

    environment: str
    database_url: str
    redis_url: str | None
    secret_key: str
    data_key: bytes
    shop_url: str
    shop_zone: ZoneInfo
    shop_name: str
    port: int
    web_workers: int
    media_folder: Path
    instance_folder: Path
    sandbox_payment_key: str
    trusted_proxies: int

    @property
    def is_production(self) -> bool:
        return self.environment == "production"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings.  Raises SettingInvalid, naming the first that is wrong."""
    source = os.environ if environ is None else environ
    environment = _one_of(source, "SHOP_ENV", ENVIRONMENTS, default="development")
    instance = Path(source.get("INSTANCE_FOLDER") or ROOT / "instance").resolve()
    in_production = environment == "production"
    port = _whole(source, "PORT", default=8000, low=1, high=65535)
    secret_key = _secret_key(source, instance, in_production)
    return Settings(
        environment=environment,
        database_url=_database_url(source, instance),
        redis_url=source.get("REDIS_URL") or None,
        secret_key=secret_key,
        data_key=_data_key(source, instance, in_production),
        shop_url=_shop_url(source, port, in_production),
        shop_zone=_zone(source),
        shop_name=source.get("SHOP_NAME") or "半日生活",
        port=port,
        web_workers=_whole(source, "WEB_WORKERS", default=2, low=1, high=64),
        media_folder=Path(source.get("MEDIA_FOLDER") or instance / "media").resolve(),
        instance_folder=instance,
        sandbox_payment_key=source.get("SANDBOX_PAYMENT_KEY") or f"sandbox:{secret_key}",
        trusted_proxies=_whole(source, "TRUSTED_PROXIES", default=0, low=0, high=5),
    )


def _one_of(source: Mapping[str, str], name: str, allowed: tuple[str, ...], *, default: str) -> str:
    value = source.get(name) or default
    if value not in allowed:
        raise SettingInvalid(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _whole(source: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    raw = source.get(name) or str(default)
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingInvalid(f"{name} must be a whole number from {low} to {high}, not {raw!r}")
    return int(raw)


def _database_url(source: Mapping[str, str], instance: Path) -> str:
    url = source.get("DATABASE_URL") or f"sqlite:///{instance / 'shop.db'}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise SettingInvalid("DATABASE_URL must start with sqlite:/// or postgresql://")
    return url


def _secret_key(source: Mapping[str, str], instance: Path, in_production: bool) -> str:
    key = source.get("SECRET_KEY") or _kept_secret(instance / "secret_key", in_production, "SECRET_KEY")
    if len(key) < SECRET_KEY_LENGTH_MIN:
        raise SettingInvalid(f"SECRET_KEY must have at least {SECRET_KEY_LENGTH_MIN} characters")
    return key


def _data_key(source: Mapping[str, str], instance: Path, in_production: bool) -> bytes:
    text = source.get("DATA_KEY") or _kept_secret(instance / "data_key", in_production, "DATA_KEY")
    try:
        key = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != DATA_KEY_BYTES:
        raise SettingInvalid("DATA_KEY must be 32 random bytes in URL-safe base64")
    return key


def _kept_secret(path: Path, in_production: bool, name: str) -> str:
    """The development secret, made at the first start and kept.  Production must bring its own."""
    if in_production:
        raise SettingInvalid(f"{name} is required in production")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = base64.urlsafe_b64encode(secrets.token_bytes(DATA_KEY_BYTES)).decode()
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    return secret


def _shop_url(source: Mapping[str, str], port: int, in_production: bool) -> str:
    url = source.get("SHOP_URL")
    if not url:
        if in_production:
            raise SettingInvalid("SHOP_URL is required in production, for example https://mall.example.com")
        return f"http://127.0.0.1:{port}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise SettingInvalid("SHOP_URL must be an origin such as https://mall.example.com")
    if in_production and parts.scheme != "https":
        raise SettingInvalid("SHOP_URL must start with https:// in production")
    return url.rstrip("/")


def _zone(source: Mapping[str, str]) -> ZoneInfo:
    name = source.get("SHOP_TIMEZONE") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingInvalid(f"SHOP_TIMEZONE {name!r} is not a known time zone") from error
