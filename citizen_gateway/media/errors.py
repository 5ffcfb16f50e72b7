"""What can be wrong with a photo."""

from citizen_gateway.kernel.errors import Problem


class PhotoTooLarge(Problem):
    """The file has more bytes than a photo may have."""

    status = 413
    code = "photo_too_large"
    title = "The photo is too large"
    detail = "A photo may have at most {limit_mb} MB."


class PhotoUnreadable(Problem):
    """The file is no picture, or a broken one."""

    status = 422
    code = "photo_unreadable"
    title = "The file cannot be read as a photo"
    detail = "It is damaged or not a picture. Send a JPEG, PNG or WebP file."


class PhotoTooManyPixels(Problem):
    """The picture would take more memory or time to decode than a photo is worth."""

    status = 422
    code = "photo_too_many_pixels"
    title = "The photo has too many pixels"
    detail = "A photo may have at most {limit_megapixels} megapixels."


class PhotoFormatUnsupported(Problem):
    """A picture, in a format that is not read here."""

    status = 415
    code = "photo_format_unsupported"
    title = "This picture format is not supported"
    detail = "This is {format}. Send a JPEG, PNG or WebP file."


class PhotoNotFound(Problem):
    """No photo has this id, or none that this caller may see; the two are never told apart."""

    status = 404
    code = "photo_not_found"
    title = "Photo not found"
    detail = "There is no photo with this id that you may see."


class UnknownPhoto(Problem):
    """A request names photos that are not the caller's; whether they exist is not told."""

    status = 422
    code = "unknown_photo"
    title = "A photo in this request is not yours"
    detail = "Upload these photos first, or leave them out: {ids}."
