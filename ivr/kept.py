"""For how long the configuration keeps figures by the day. It knows no figure."""

from shared.settings import Config
from shared.summary.retention import Kept


def kept_by_day(config: Config) -> Kept:
    return Kept(config.retention.months_by_day, config.summary.launch)
