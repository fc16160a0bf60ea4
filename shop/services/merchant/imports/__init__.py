"""Files that merchants bring along: uploaded, mapped, checked, loaded in one transaction, and taken back if need be."""

from shop.services.merchant.imports.cancelling import cancel_import, forget_stale_imports
from shop.services.merchant.imports.loading import load_import
from shop.services.merchant.imports.mapping import Choice, choose_columns
from shop.services.merchant.imports.undoing import undo_import
from shop.services.merchant.imports.uploading import Upload, upload_file
from shop.services.merchant.imports.working import work_on_imports

__all__ = [
    "Choice",
    "Upload",
    "cancel_import",
    "choose_columns",
    "forget_stale_imports",
    "load_import",
    "undo_import",
    "upload_file",
    "work_on_imports",
]
