"""From whatever was uploaded to a JPEG of pixels alone. CPU work: call it from a thread.

Pillow's format classes are used directly, not through `Image.open`: the check of the pixel count is then ours, before
anything is decoded, and needs none of Pillow's process-wide settings.
"""

from io import BytesIO

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from citizen_gateway.media.errors import PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable
from citizen_gateway.media.exif import Notes, read_notes
from citizen_gateway.media.headers import Format, Header, read_header
from citizen_gateway.media.model import (
    FULL_QUALITY,
    FULL_SIDE,
    MAX_PIXELS,
    MAX_SCANNED_PIXELS,
    MAX_UPLOAD_BYTES,
    THUMBNAIL_QUALITY,
    THUMBNAIL_SIDE,
    CleanPhoto,
)

_READERS: dict[Format, type[ImageFile.ImageFile]] = {
    Format.JPEG: JpegImagePlugin.JpegImageFile,
    Format.PNG: PngImagePlugin.PngImageFile,
    Format.WEBP: WebPImagePlugin.WebPImageFile,
}
_UPRIGHT = {  # EXIF orientation → what turns the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def inspect_and_reencode(content: bytes) -> CleanPhoto:
    """Check an upload and return its clean copy.

    Raises `PhotoTooLarge`, `PhotoFormatUnsupported`, `PhotoTooManyPixels` or `PhotoUnreadable`, and nothing else.
    """
    return reencode(content, inspect(content))


def inspect(content: bytes) -> Header:
    """Return what an upload claims to be, where that is within the limits; nothing is decoded yet.

    Raises `PhotoTooLarge`, `PhotoFormatUnsupported`, `PhotoTooManyPixels` or `PhotoUnreadable`.
    """
    if len(content) > MAX_UPLOAD_BYTES:
        raise PhotoTooLarge(limit_mb=MAX_UPLOAD_BYTES >> 20)
    header = read_header(content)
    if header.pixels > MAX_PIXELS or header.pixels * header.scans > MAX_SCANNED_PIXELS:
        raise PhotoTooManyPixels(limit_megapixels=MAX_PIXELS // 1_000_000)
    return header


def reencode(content: bytes, header: Header) -> CleanPhoto:
    """Decode an inspected upload and return it upright, at most `FULL_SIDE` long, in sRGB, without metadata.

    Raises `PhotoUnreadable`, whatever is wrong with it.
    """
    try:
        return _reencode(content, header)
    except Exception as error:
        raise PhotoUnreadable from error


def thumbnail(clean: bytes) -> bytes:
    """Return a clean copy shrunk to `THUMBNAIL_SIDE`. Raises `PhotoUnreadable` where it is none."""
    try:
        picture = _shrunk(JpegImagePlugin.JpegImageFile(BytesIO(clean)), THUMBNAIL_SIDE)
        return _encoded(picture, THUMBNAIL_QUALITY)
    except Exception as error:
        raise PhotoUnreadable from error


def dhash(picture: Image.Image) -> int:
    """Return the difference hash: 8 × 8 bits, each whether a cell is brighter than its right neighbour."""
    cells = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = "".join("01"[cells[9 * row + i] > cells[9 * row + i + 1]] for row in range(8) for i in range(8))
    return int.from_bytes(int(bits, 2).to_bytes(8), signed=True)


def _reencode(content: bytes, header: Header) -> CleanPhoto:
    picture = _READERS[header.format](BytesIO(content))
    if picture.size != (header.width, header.height):
        raise PhotoUnreadable
    notes = _notes(picture)
    profile = picture.info.get("icc_profile")
    clean = _in_srgb(_shrunk(picture, FULL_SIDE), profile)
    if notes.orientation in _UPRIGHT:
        clean = clean.transpose(_UPRIGHT[notes.orientation])
    jpeg = _encoded(clean, FULL_QUALITY)
    return CleanPhoto(jpeg, clean.width, clean.height, dhash(clean), notes.taken_at, notes.position)


def _notes(picture: ImageFile.ImageFile) -> Notes:
    try:
        return read_notes(picture.getexif())
    except Exception:  # noqa: BLE001 - notes are optional, and Pillow raises whatever it stumbles over in broken ones
        return Notes()


def _shrunk(picture: ImageFile.ImageFile, side: int) -> Image.Image:
    """Decode, no larger than needed, to 8 bits per channel on opaque ground."""
    excess = max(1.0, max(picture.size) / side)
    size = (max(1, round(picture.width / excess)), max(1, round(picture.height / excess)))
    picture.draft(None, size)  # lets a JPEG be decoded at a half, a quarter or an eighth
    small = _eight_bits(picture)
    if small.size != size:
        small = small.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return _opaque(small)


def _eight_bits(picture: Image.Image) -> Image.Image:
    picture.load()
    if picture.mode in {"P", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.point(lambda level: level * (1 / 257)).convert("L")
    return picture.convert("L") if picture.mode in {"1", "F"} else picture


def _opaque(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands():
        return picture
    coloured = picture.convert("RGBA")
    ground = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(ground, coloured).convert("RGB")


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Convert by the profile the file brings, where that can be used; later copies carry none."""
    if isinstance(profile, bytes) and profile:
        try:
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _encoded(picture: Image.Image, quality: int) -> bytes:
    picture.info = {}  # Pillow writes a comment it finds there
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
