"""Files that merchants bring along: what they are told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError

REFUSALS: Mapping[str, Any] = {
    "empty": _l("这个文件是空的。"),
    "too_large": _l("文件太大了，最多 10 MB，分成几份再来。"),
    "not_a_table": _l("读不出表格来，请存成 CSV 或 XLSX 再传。"),
    "encoding": _l("文字编码认不出来，请存成 UTF-8 的 CSV，或者 XLSX。"),
    "header_missing": _l("第一行要是列名，比如「手机号、积分」，别直接写会员。"),
    "no_rows": _l("除了列名，一行内容也没有。"),
    "too_many_rows": _l("一次最多 50,000 行，分成几份再来。"),
    "too_many_columns": _l("一张表最多 60 列，先删掉用不到的。"),
}


class FileRefused(ShopError):
    """A file in which no table can be read; nothing of it was kept."""

    code = "file_refused"
    status = 422

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
        self.message = REFUSALS[reason]


class ColumnsMissing(ShopError):
    code = "columns_missing"
    status = 422
    message = _l("还有必须的列没有指定，指定了才能检查。")


class ImportMoved(ShopError):
    """The file is in another state by now: somebody else was quicker, or the page is old."""

    code = "import_moved"
    message = _l("这份文件已经走到别的步骤了，刷新看看。")


class ImportedBefore(ShopError):
    code = "imported_before"
    message = _l("这份文件以前已经记过一遍了，没有再记。")


class ImportHasFaults(ShopError):
    code = "import_has_faults"
    message = _l("你选了「有错就一行都不记」，先把 %(count)s 处错改好再来。")

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class NothingToImport(ShopError):
    code = "nothing_to_import"
    message = _l("没有一行是对的，没有什么可以记。")


class ImportChanged(ShopError):
    """Between the check and the load somebody registered or left: the report is no longer true."""

    code = "import_changed"
    message = _l("检查以后有会员变了，什么都没有记，请再检查一次。")


class ImportNeedsAnother(ShopError):
    """More points than one person may give alone: somebody else than who brought the file books it (E20)."""

    code = "import_needs_another"
    message = _l("这么多积分不能一个人说了算，请另一位同事打开这一页来记。")


class UndoTimeOver(ShopError):
    code = "undo_time_over"
    message = _l("导入超过 24 小时了，不能整批撤回。")


class ImportTouched(ShopError):
    """Points of the import were spent, or a member of it has come in: it cannot be undone any more."""

    code = "import_touched"
    message = _l("已经有 %(count)s 位会员用过或来过，不能整批撤回了。")

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
