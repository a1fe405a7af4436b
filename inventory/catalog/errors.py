"""What the catalogue refuses."""

from omni.lib.errors import BadRequest, Refusal


class MappingWrong(BadRequest):
    """The columns of a file are not said so that it can be read; `problems` names each."""

    code = "mapping_wrong"
    status = 422


class ImportRefused(Refusal):
    """The import cannot do this now; nothing was written but, where rows are the reason, the list of them."""

    code = "import_refused"
    status = 409


class PhotoRefused(BadRequest):
    """The file is no picture that the house shows, or the product has enough of them."""

    code = "photo_refused"
    status = 422
