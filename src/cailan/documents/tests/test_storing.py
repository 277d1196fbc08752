"""Files are what they say, kept once, shown without secrets, opened only by those who may."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from cailan.documents import queries, services
from cailan.documents.queries.folder import home, path_of
from cailan.kernel.problems import NotAllowed, NotFound, TooLarge
from cailan.ledger.models import Record
from cailan.parties.tests.factories import AT, make_actor, make_party

pytestmark = pytest.mark.django_db
GPS = 0x8825


def picture(size=(640, 480), form="JPEG", *, orientation=1, **options) -> bytes:
    drawn = Image.new(options.pop("mode", "RGB"), size, "green")
    exif = drawn.getexif()
    exif[0x0112] = orientation
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (23.0, 17.0, 30.0)
    stream = io.BytesIO()
    drawn.save(stream, form, **({"exif": exif} | options))
    return stream.getvalue()


def workbook(extra=(), *, size=10) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "x" * size)
        for name in extra:
            archive.writestr(name, "x")
    return stream.getvalue()


def keep(actor, content: bytes, name: str, kind="photo") -> int:
    return services.store(actor, file=io.BytesIO(content), name=name, kind=kind, at=AT)


@pytest.fixture
def grower():
    return make_actor(make_party("base", region="440118107"))


class TestStore:
    def test_keeps_the_same_content_once_and_seals_its_digest(self, grower):
        first = keep(grower, picture(), "plot.jpg")
        again = keep(grower, picture(), "same plot.jpg")
        other = keep(make_actor(make_party()), picture(), "plot.jpg")

        digest = queries.get_document(grower, first).digest

        assert first == again != other
        assert path_of(digest).read_bytes() == picture()
        sealed = Record.objects.filter(kind="documents.stored", subject__startswith=f"sha256:{digest}#")
        assert [json.loads(record.payload)["sha256"] for record in sealed] == [digest, digest]

    def test_leaves_nothing_behind_when_it_refuses(self, grower):
        with pytest.raises(services.FileRefused):
            keep(grower, b"GIF89a", "cat.jpg")

        assert [path for path in home().iterdir() if path.name.startswith(".incoming")] == []

    def test_shows_no_place_of_the_photo_but_keeps_the_original(self, grower):
        opened = queries.open_file(grower, keep(grower, picture(), "plot.jpg"), size="1080")

        with Image.open(opened.path) as shown:
            assert not shown.getexif()
        assert b"GPS" not in opened.path.read_bytes()[:2000]
        original = queries.open_file(grower, keep(grower, picture(), "plot.jpg"))
        with Image.open(original.path) as kept:
            assert kept.getexif().get_ifd(GPS)[1] == "N"

    @pytest.mark.parametrize(
        ("asked", "longest"), [("320", 320), ("1080", 1080), ("2160", 2000), ("9", 2000)]
    )
    def test_makes_renditions(self, grower, asked, longest):
        opened = queries.open_file(grower, keep(grower, picture((2000, 1000)), "plot.jpg"), size=asked)

        with Image.open(opened.path) as shown:
            assert shown.size == (longest, longest // 2)

    def test_stands_a_lying_photo_upright(self, grower):
        document = keep(grower, picture((640, 480), orientation=6), "plot.jpg")

        found = queries.get_document(grower, document)

        assert (found.width, found.height) == (480, 640)
        with Image.open(queries.open_file(grower, document, size="320").path) as shown:
            assert shown.size == (240, 320)

    def test_puts_a_transparent_picture_on_white(self, grower):
        content = io.BytesIO()
        Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")

        opened = queries.open_file(grower, keep(grower, content.getvalue(), "logo.png"), size="320")

        with Image.open(opened.path) as shown:
            assert min(shown.getpixel((5, 5))) > 250

    def test_refuses_more_than_the_limit(self, grower, settings):
        settings.CAILAN = settings.CAILAN.model_copy(update={"upload_limit_bytes": 1000})

        with pytest.raises(TooLarge):
            keep(grower, b"a,b\n" * 300, "list.csv", "data")

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (b"", "empty.jpg", "empty"),
            (picture(), "photo.png", "other-content"),
            (picture(), "photo.exe", "unknown-type"),
            (picture(), "photo", "unknown-type"),
            (b"MZ\x90\x00" + b"\x00" * 100, "tool.pdf", "other-content"),
            (b"<html><script>alert(1)</script>", "list.csv", "other-content"),
            (b"<!DOCTYPE html><script>", "list.json", "other-content"),
            (b'<svg xmlns="x" onload="alert(1)"/>', "drawing.svg", "unknown-type"),
            (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "events.xml", "with-entities"),
            (b"<a>" + b" " * 5000 + b"<!ENTITY b 'c'></a>", "events.xml", "with-entities"),
            (b"\xff\xd8\xff" + b"\x00" * 100, "torn.jpg", "broken"),
            (picture()[:400], "torn.jpg", "broken"),
            (b"PK\x03\x04" + b"\x00" * 50, "list.xlsx", "broken"),
            (workbook(["xl/vbaProject.bin"]), "list.xlsx", "with-macros"),
            (workbook(size=100_000_000), "list.xlsx", "packed-too-tight"),
            (picture((16_001, 10), "PNG"), "long.png", "too-many-pixels"),
        ],
    )
    def test_refuses_what_is_not_what_it_says(self, grower, content, name, code):
        with pytest.raises(services.FileRefused) as refused:
            keep(grower, content, name, "other")

        assert refused.value.extra["errors"][0]["code"] == code

    def test_refuses_a_picture_bomb_before_unpacking_it(self, grower):
        bomb = io.BytesIO()
        Image.new("1", (9_000, 9_000)).save(bomb, "PNG")

        with pytest.raises(services.FileRefused) as refused:
            keep(grower, bomb.getvalue(), "small.png")
        assert refused.value.extra["errors"][0]["code"] == "too-many-pixels"

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (workbook(), "list.xlsx"),
            (b"\xef\xbb\xbfname,weight\n", "list.csv"),
            ("品名,重量\n".encode("gb18030"), "list.csv"),
            (b'{"a": 1}', "events.json"),
            (b"<epcis/>", "events.xml"),
            (b"%PDF-1.7 ...", "report.pdf"),
            (picture(form="WEBP"), "photo.webp"),
        ],
    )
    def test_takes_the_formats_people_use(self, grower, content, name):
        assert queries.get_document(grower, keep(grower, content, name, "data")).size == len(content)

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("../../etc/passwd.csv", "passwd.csv"),
            ("C:\\me\\清单\n.csv", "清单.csv"),
            ("x" * 300 + ".csv", "x" * 196 + ".csv"),
        ],
    )
    def test_keeps_only_the_last_part_of_a_name(self, grower, sent, kept):
        assert queries.get_document(grower, keep(grower, b"a,b", sent, "data")).name == kept

    def test_needs_the_permission(self):
        with pytest.raises(NotAllowed):
            keep(make_actor(make_party(), role="auditor"), picture(), "plot.jpg")


class TestWhoSees:
    def test_owner_partner_and_region_but_no_stranger(self, grower):
        document = keep(grower, picture(), "plot.jpg")
        partner, stranger = make_actor(make_party("merchant")), make_actor(make_party("merchant"))
        services.share(grower, document_id=document, party_ids=[partner.party_id], at=AT)
        district = make_actor(make_party("regulator", area="440118"), role="officer")
        elsewhere = make_actor(make_party("regulator", area="440117"), role="officer")

        assert queries.open_file(district, document).media_type == "image/jpeg"
        assert (
            queries.open_file(partner, document).path.suffix == ".jpg"
        )  # a rendition: the original tells the place
        for nobody in (stranger, elsewhere):
            with pytest.raises(NotFound):
                queries.open_file(nobody, document)

    def test_only_the_owner_shares(self, grower):
        document = keep(grower, picture(), "plot.jpg")
        stranger = make_actor(make_party("merchant"))

        with pytest.raises(NotFound):
            services.share(stranger, document_id=document, party_ids=[stranger.party_id], at=AT)


def test_makes_no_path_of_anything_but_a_digest():
    with pytest.raises(ValueError, match="SHA-256"):
        path_of("../../etc/passwd")

    assert isinstance(path_of("ab" * 32), Path)
